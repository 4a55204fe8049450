// Among colleagues: who takes care of a room, notes, calling a supervisor; and one order for several rooms.
"use strict";
(() => {
  const { find, toast, words, announce } = window.livewarden;
  const ME = Number(words.person);
  const AGAIN_MS = 6000;
  const claims = new Map(); // pk -> {by, person, at}
  const selected = new Set(); // pk, as text
  let doubted = { pk: "", at: 0 }; // a colleague's room that was asked for once

  const room = (from) => from?.closest?.("[data-room]")?.dataset.room;

  // --- Claims ---
  function drawClaims() {
    for (const holder of document.querySelectorAll("[data-room]")) {
      const claim = claims.get(holder.dataset.room);
      const mark = find("[data-holder]", holder);
      const isMine = claim?.person === ME;
      holder.toggleAttribute("data-mine", Boolean(claim && isMine));
      holder.toggleAttribute("data-held", Boolean(claim && !isMine));
      find(".act[data-desk=c]", holder)?.setAttribute("aria-pressed", String(Boolean(isMine)));
      if (!mark) continue;
      mark.hidden = !claim;
      mark.textContent = claim ? (isMine ? words.wordsMine : claim.by) : "";
    }
  }
  function claim(pk) {
    const held = claims.get(pk);
    const isOthers = held && held.person !== ME;
    if (isOthers && !(doubted.pk === pk && Date.now() - doubted.at < AGAIN_MS)) {
      doubted = { pk, at: Date.now() };
      const title = find(`[data-room="${pk}"] :is(.title, h1)`)?.textContent ?? "";
      toast(`${words.wordsTakeOver.replace("{who}", held.by)} · \u2068${title}\u2069`);
      return;
    }
    const values = held && !isOthers ? {} : { held: "1", ...(isOthers && { take_over: "1" }) };
    window.livewarden.ajax("POST", `/rooms/${pk}/claim`, { swap: "none", source: document.body, values });
  }
  document.addEventListener("marks-told", (event) => {
    claims.clear();
    for (const [pk, told] of Object.entries(event.detail.claims)) claims.set(pk, told);
    drawClaims();
  });
  document.addEventListener("claim-told", (event) => {
    const { room: pk, claim: told } = event.detail;
    if (told) claims.set(String(pk), told);
    else claims.delete(String(pk));
    drawClaims();
  });

  // --- Selection ---
  const bar = () => find("[data-selection]");
  function drawSelection() {
    for (const holder of document.querySelectorAll(".room-row, .tile")) {
      const isSelected = selected.has(holder.dataset.room);
      holder.toggleAttribute("data-selected", isSelected);
      if (holder.matches(".room-row")) holder.ariaSelected = String(isSelected);
      // An article has no state of its own: its name says it.
      else holder.ariaLabel = [find(".title", holder).textContent, isSelected && words.wordsSelected].filter(Boolean).join(", ");
    }
    if (!bar()) return;
    bar().hidden = !selected.size;
    const text = find("[data-selected-text]", bar());
    text.textContent = selected.size === 1 ? text.dataset.textOne : text.dataset.textMore.replace("{n}", selected.size);
  }
  function select(pk) {
    if (!bar()) return;
    if (!selected.delete(pk)) selected.add(pk);
    drawSelection();
    const name = find(".title, h1", find(`[data-room="${CSS.escape(pk)}"]`))?.textContent ?? "";
    const told = selected.has(pk) ? words.wordsToldSelected : words.wordsToldDeselected;
    announce(told.replace("{room}", () => name).replace("{text}", () => find("[data-selected-text]").textContent));
  }
  function selectNone() {
    selected.clear();
    drawSelection();
  }
  // A finger has no x, nor has whoever switched single keys off: while this is on, a tap on a room selects it.
  let isSelecting = false;
  function setSelecting(on) {
    isSelecting = on;
    document.body.toggleAttribute("data-selecting", on);
    find("[data-select-mode]")?.setAttribute("aria-pressed", String(on));
  }
  document.addEventListener("click", (event) => {
    const place = event.target.closest(".room-row, .tile");
    // By the keyboard (no detail) a link is a link; what acts on one room still does.
    if (!isSelecting || !event.detail || !place || event.target.closest("button, summary, input, .controls, .acts")) return;
    event.preventDefault();
    event.stopPropagation();
    select(place.dataset.room);
  }, true);

  // What the form of one order holds; acts.js has asked for the reason.
  function orderSeveral(verb, policy) {
    const values = { verb, policy, rooms: [...selected].join(","), key: crypto.randomUUID() };
    window.livewarden.ajax("POST", bar().dataset.address, { target: "#dialog", swap: "innerHTML", source: bar(), values });
  }
  document.body.addEventListener("ordered", (event) => {
    for (const pk of event.detail.rooms) {
      const line = document.getElementById(`acts-${pk}`);
      if (line) htmx.trigger(line, "act");
    }
    selectNone();
    setSelecting(false);
  });

  // --- What is pressed, by pointer or key ---
  const desk = {
    c: claim,
    n: (pk) => window.livewarden.ajax("GET", `/rooms/${pk}/note`, "#dialog"),
    "!": (pk) => window.livewarden.ajax("GET", `/rooms/${pk}/escalate`, "#dialog"),
    x: select,
  };
  function press(name, element) {
    const pk = room(element);
    if (!pk || !words.canClaim) return false;
    desk[name](pk);
    return true;
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-desk]");
    if (button && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      press(button.dataset.desk, button);
    }
    const several = event.target.closest("[data-several]");
    if (several?.dataset.several === "claim") orderSeveral("claim", "");
    if (event.target.closest("[data-several-none]")) selectNone();
    if (event.target.closest("[data-select-mode]")) setSelecting(!isSelecting);
  });
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (!event.target.querySelector?.("[data-room]") && !event.target.closest?.("#rooms, #wall")) return;
    drawClaims();
    for (const pk of selected) if (!find(`[data-room="${pk}"]`)) selected.delete(pk); // what is not seen is not acted on
    drawSelection();
  });
  window.livewarden.desk = { press, orderSeveral };
})();
