// Several rooms at once: which are selected, by key or by taps, and one order for all of them.
import { announce } from "../core/announcer.js";
import { ajax, find, trigger } from "../core/dom.js";
import { words } from "../core/words.js";

const selected = new Set(); // pk, as text

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
export function select(pk) {
  if (!bar()) return;
  if (!selected.delete(pk)) selected.add(pk);
  drawSelection();
  const name = find(".title, h1", find(`[data-room="${CSS.escape(pk)}"]`))?.textContent ?? "";
  const text = selected.has(pk) ? words.wordsToldSelected : words.wordsToldDeselected;
  announce(text.replace("{room}", () => name).replace("{text}", () => find("[data-selected-text]").textContent));
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

// What the form of one order holds; actions.js has asked for the reason.
export function orderSeveral(verb, policy) {
  const values = { verb, policy, rooms: [...selected].join(","), key: crypto.randomUUID() };
  ajax("POST", bar().dataset.address, { target: "#dialog", swap: "innerHTML", source: bar(), values });
}
document.body.addEventListener("ordered", (event) => {
  for (const pk of event.detail.rooms) {
    const line = document.getElementById(`acts-${pk}`);
    if (line) trigger(line, "act");
  }
  selectNone();
  setSelecting(false);
});
document.addEventListener("click", (event) => {
  const several = event.target.closest("[data-several]");
  if (several?.dataset.several === "claim") orderSeveral("claim", "");
  if (event.target.closest("[data-several-none]")) selectNone();
  if (event.target.closest("[data-select-mode]")) setSelecting(!isSelecting);
});
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (!event.target.querySelector?.("[data-room]") && !event.target.closest?.("#rooms, #wall")) return;
  for (const pk of selected) if (!find(`[data-room="${pk}"]`)) selected.delete(pk); // what is not seen is not acted on
  drawSelection();
});
