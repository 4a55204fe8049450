// Several alerts at once: which are selected, one by one or as a range, and the form that closes them.
import { announce } from "../core/announcer.js";
import { ajax, find } from "../core/dom.js";
import { all, bench, rowOf } from "./rows.js";

const picked = new Set(); // alert, as text
let last = null; // where a range begins
const bar = find("[data-picked]");
const text = () => (picked.size === 1 ? find("[data-picked-text]", bar).dataset.textOne : find("[data-picked-text]", bar).dataset.textMore.replace("{n}", picked.size));

function draw() {
  if (!bar) return;
  for (const row of all()) {
    const box = find("[data-pick]", row);
    if (box) box.checked = picked.has(row.dataset.alert);
    row.toggleAttribute("data-selected", picked.has(row.dataset.alert));
  }
  bar.hidden = !picked.size;
  find("[data-picked-text]", bar).textContent = text();
}
export const anyPicked = () => picked.size > 0;
export function forgetPicked(pks) {
  for (const pk of pks) picked.delete(String(pk));
  draw();
}
export function pick(row, isOn = !picked.has(row.dataset.alert)) {
  if (!bar || "closed" in row.dataset) return;
  if (isOn) picked.add(row.dataset.alert);
  else picked.delete(row.dataset.alert);
  last = row.dataset.alert;
  draw();
  announce(text());
}
// From the last one that was selected to this one, in the order of the list.
export function pickTo(row) {
  const rows = all();
  const from = rows.indexOf(rowOf(last));
  const to = rows.indexOf(row);
  if (!bar || from < 0) {
    pick(row, true);
    return;
  }
  for (const one of rows.slice(Math.min(from, to), Math.max(from, to) + 1)) if (!("closed" in one.dataset)) picked.add(one.dataset.alert);
  last = row.dataset.alert;
  draw();
  announce(text());
}
export function closePicked(outcome) {
  const query = new URLSearchParams({ alerts: [...picked].join(","), outcome });
  ajax("GET", `${bench.dataset.close}?${query}`, { target: "#dialog", source: bar });
}

document.addEventListener("click", (event) => {
  const box = event.target.closest("[data-pick]");
  if (box) {
    const row = box.closest(".bench__row");
    if (event.shiftKey) pickTo(row);
    else pick(row, box.checked);
    draw();
  }
  const closer = event.target.closest("[data-close-picked]");
  if (closer) closePicked(closer.dataset.closePicked);
  if (event.target.closest("[data-pick-none]")) forgetPicked([...picked]);
});
// The list came anew: what is not in it is not selected.
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "queue") return;
  forgetPicked([...picked].filter((pk) => !rowOf(pk) || "closed" in rowOf(pk).dataset));
});
