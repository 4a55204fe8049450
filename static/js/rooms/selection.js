// Several rooms at once: which are selected, by key or by taps, and one order for all of them.
import { announce } from "../core/announcer.js";
import { ajax, find, trigger } from "../core/dom.js";
import { words } from "../core/words.js";

const selected = new Set(); // pk, as text
let anchor = ""; // the room from which a range goes

const bar = () => find("[data-selection]");
function drawSelection() {
  for (const holder of document.querySelectorAll(".room-row, .tile")) {
    const isSelected = selected.has(holder.dataset.room);
    holder.toggleAttribute("data-selected", isSelected);
    const box = find("[data-pick]", holder);
    if (box) box.checked = isSelected;
    if (holder.matches(".room-row")) holder.ariaSelected = String(isSelected);
    // An article has no state of its own: its name says it.
    else holder.ariaLabel = [find(".title", holder).textContent, isSelected && words.wordsSelected].filter(Boolean).join(", ");
  }
  const all = find("[data-pick-all]");
  if (all) {
    const boxes = [...document.querySelectorAll("[data-pick]")];
    all.checked = boxes.length > 0 && boxes.every((box) => box.checked);
    all.indeterminate = !all.checked && boxes.some((box) => box.checked);
  }
  if (!bar()) return;
  bar().hidden = !selected.size;
  const text = find("[data-selected-text]", bar());
  text.textContent = selected.size === 1 ? text.dataset.textOne : text.dataset.textMore.replace("{n}", selected.size);
}
export function select(pk) {
  if (!bar()) return;
  if (!selected.delete(pk)) selected.add(pk);
  anchor = pk;
  drawSelection();
  const name = find(".title, h1", find(`[data-room="${CSS.escape(pk)}"]`))?.textContent ?? "";
  const text = selected.has(pk) ? words.wordsToldSelected : words.wordsToldDeselected;
  announce(text.replace("{room}", () => name).replace("{text}", () => find("[data-selected-text]").textContent));
}
// All rooms from the one that was chosen last to this one, as that one is: selected or not.
export function selectTo(pk) {
  const all = [...document.querySelectorAll(".room-row:not([data-ended]), .tile:not([data-ended])")].map((holder) => holder.dataset.room);
  const [from, to] = [all.indexOf(anchor), all.indexOf(pk)];
  if (!bar() || from < 0 || to < 0) {
    select(pk);
    return;
  }
  const isOn = selected.has(anchor);
  for (const one of all.slice(Math.min(from, to), Math.max(from, to) + 1)) selected[isOn ? "add" : "delete"](one);
  anchor = pk;
  drawSelection();
  announce(find("[data-selected-text]").textContent);
}
function selectAll(isOn) {
  for (const box of document.querySelectorAll("[data-pick]")) selected[isOn ? "add" : "delete"](box.closest("[data-room]").dataset.room);
  drawSelection();
  announce(find("[data-selected-text]").textContent);
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
document.addEventListener("click", ({ target, shiftKey }) => {
  if (target.matches("[data-pick]")) (shiftKey ? selectTo : select)(target.closest("[data-room]").dataset.room);
  if (target.matches("[data-pick-all]")) selectAll(target.checked);
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
