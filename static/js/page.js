// What every page has: theme, dialogs, toasts. The other scripts find it under `livewarden`.
"use strict";
window.livewarden = (() => {
  const words = document.body.dataset;
  const find = (selector, from = document) => from.querySelector(selector);
  const dialog = find("[data-dialog]");
  // As long as the person may take an act back, and not while somebody reads or reaches for one (WCAG 2.2.1).
  const TOAST_MS = Math.max(10_000, 1000 * Number(words.undoSeconds || 0));
  const STILL_MS = 2000;
  const MOST_TOASTS = 4; // beyond them the oldest goes, but none that offers Undo

  // A request that fails is told by failures.js; whoever asked has nothing to add.
  const ajax = (...asked) => htmx.ajax(...asked).catch(() => {});

  // undo, reason: addresses that take the act back, or give it another reason (acts.js asks which).
  function toast(text, { undo = "", reason = "", bad = false } = {}) {
    text = text.replace(/[\u202a-\u202e]/g, (char) => `[U+${char.charCodeAt(0).toString(16).toUpperCase()}]`); // as without_overrides()
    window.livewarden.announce(text, { urgent: bad });
    const holder = find("[data-toasts]");
    const line = document.createElement("div");
    line.className = bad ? "toast toast--bad" : "toast";
    line.append(text);
    if (undo) for (const other of holder.querySelectorAll(`[data-undo="${CSS.escape(undo)}"]`)) other.closest(".toast").remove(); // of the same act
    if (reason) {
      const button = document.createElement("button");
      button.className = "button";
      button.textContent = words.wordsOtherReason;
      Object.assign(button.dataset, { otherReason: reason, of: undo, about: text });
      line.append(button);
    }
    if (undo) {
      const button = document.createElement("button");
      button.className = "button";
      button.textContent = words.wordsUndo;
      for (const hint of holder.querySelectorAll("[data-undo] kbd")) hint.remove(); // the key is the newest one's
      const hint = document.createElement("kbd");
      hint.textContent = "z";
      hint.ariaHidden = "true";
      button.append(hint);
      button.setAttribute("aria-keyshortcuts", "z");
      button.dataset.undo = undo;
      button.addEventListener("click", () => {
        ajax("POST", undo, { swap: "none" });
        line.remove();
      });
      line.append(button);
    }
    holder.append(line);
    const spare = [...holder.children].filter((one) => one !== line && !find("[data-undo]", one));
    while (holder.children.length > MOST_TOASTS && spare.length) spare.shift().remove();
    // All wait together: one that goes would move the others under the pointer.
    const leave = () => {
      if (holder.matches(":hover, :focus-within")) setTimeout(leave, STILL_MS);
      else line.remove();
    };
    setTimeout(leave, TOAST_MS);
  }

  function toggleTheme() {
    const root = document.documentElement;
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    root.dataset.theme = (root.dataset.theme || system) === "dark" ? "light" : "dark";
    document.cookie = `theme=${root.dataset.theme};path=/;max-age=31536000;samesite=lax`; // for the log-in page
    ajax("POST", "/preferences/theme", { swap: "none", values: { theme: root.dataset.theme } });
  }

  document.addEventListener("click", (event) => {
    const closer = event.target.closest("[data-close]");
    if (closer?.closest("dialog")) {
      event.preventDefault();
      closer.closest("dialog").close();
    }
    if (event.target.closest("[data-theme-toggle]")) toggleTheme();
    if (event.target.closest("[data-help]")) find("[data-keys]").showModal();
  });

  // The rest of the navigation opens under its button, inside the screen.
  find("#more")?.addEventListener("toggle", (event) => {
    if (event.newState !== "open") return;
    const button = find(".nav__more").getBoundingClientRect();
    event.target.style.top = `${button.bottom + 4}px`;
    event.target.style.left = `${Math.max(8, Math.min(button.left, innerWidth - event.target.offsetWidth - 8))}px`;
  });

  // A page with a refused form begins at its first wrong field.
  find("main [aria-invalid=true]")?.focus();

  // A form that was fetched is shown; one that was refused stays open and says why.
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "dialog") return;
    if (!dialog.open) dialog.showModal();
    const title = find("h2", dialog);
    if (title) title.id ||= "dialog-title";
    if (title) dialog.setAttribute("aria-labelledby", title.id);
    else dialog.removeAttribute("aria-labelledby");
    // Refused: on the first wrong field. Else on the reasons, so that a number key picks one; a text field would swallow it.
    (find("[aria-invalid=true]", dialog) ?? find("[name=policy]:checked, [name=policy]", dialog))?.focus();
  });
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const isShown = [403, 404, 409, 422].includes(event.detail.xhr.status) && event.detail.target.id === "dialog";
    if (isShown) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  // A toast must not offer what its line no longer offers.
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (!event.target.id?.startsWith("acts-")) return;
    for (const button of document.querySelectorAll("[data-toasts] :is([data-undo], [data-of])")) {
      const isOffered = Boolean(find(`[data-post="${CSS.escape(button.dataset.undo ?? button.dataset.of)}"]`, event.target));
      if (isOffered) button.dataset.line = event.target.id;
      else if (button.dataset.line === event.target.id) button.remove();
    }
  });
  // The form's own answer, and not that of an act ordered before it was opened: somebody may be writing in it.
  document.body.addEventListener("acted", (event) => {
    if (dialog.open && dialog.contains(event.target)) dialog.close();
  });
  document.body.addEventListener("toast", (event) => toast(event.detail.text, event.detail));

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });
  // A view is saved as it is at that moment, with whatever was filtered meanwhile.
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-view-form]");
    if (form) form.elements.query.value = location.search.slice(1);
  }, true);

  // A half-composed word (Japanese, Chinese, Korean) is nobody's input yet: fields are heard when it is done.
  document.addEventListener("input", (event) => { if (event.isComposing) event.stopImmediatePropagation(); }, true);
  document.addEventListener("compositionend", (event) => {
    event.target.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // A time of day as the person reads it: in their language and their zone. at: Unix milliseconds; "short": without seconds.
  const root = document.documentElement;
  const time = (at, timeStyle = "medium") => new Date(at).toLocaleTimeString(root.lang, { timeZone: root.dataset.timeZone, timeStyle });

  // Seconds; corrected by live.js to what the server's clock says.
  const now = () => Date.now() / 1000;

  return { find, ajax, toast, toggleTheme, dialog, words, now, time };
})();
