// The list of the queue: its order never moves under a hand. Rows change where they stand, closed ones stay until the person
// asks for the list anew, and what is new is counted.
import { ajax, find } from "../core/dom.js";

const REFRESH_MS = 10_000;
const AFTER_MS = 300; // after word of a change, for several that come together
const TIMEOUT_MS = 8000;

export const bench = find("[data-bench]");
export const all = () => [...bench.querySelectorAll(".bench__row")];
export const rowOf = (pk) => document.getElementById(`row-${pk}`);
export const current = () => find(".bench__row[data-current]", bench);
const isOpen = (row) => !("closed" in row.dataset);

// The next open alert of the list below a row, else the nearest above it; undefined: there is none.
export function nextOpen(row) {
  const rows = all();
  const at = rows.indexOf(row);
  return rows.slice(at + 1).find(isOpen) ?? rows.slice(0, Math.max(0, at)).reverse().find(isOpen);
}
export function setCurrent(row) {
  for (const other of all()) {
    other.toggleAttribute("data-current", other === row);
    const link = find("a", other);
    if (other === row) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}
export function focusRow(row) {
  const link = find("a", row);
  link.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}
export function setClosed(pk, isClosed = true) {
  rowOf(pk)?.toggleAttribute("data-closed", isClosed);
}

// --- What changed meanwhile ---
let changed = () => {};
export function onChange(hear) {
  changed = hear;
}
function take(told) {
  for (const row of told.children) {
    const old = document.getElementById(row.id);
    if (!old) continue;
    const before = old.hasAttribute("data-closed");
    const link = find("a", old);
    const text = find("a", row).innerHTML;
    if (link.innerHTML !== text) link.innerHTML = text;
    old.classList.remove(...[...old.classList].filter((name) => name.startsWith("bench__row--")));
    old.classList.add(...[...row.classList].filter((name) => name.startsWith("bench__row--")));
    old.toggleAttribute("data-closed", row.hasAttribute("data-closed"));
    if (before !== old.hasAttribute("data-closed")) changed(old);
  }
  const more = Number(told.dataset.more);
  const chip = find("[data-new]", bench);
  chip.hidden = !more;
  chip.textContent = chip.dataset.wordsNew.replace("{n}", more);
}
let waiting = 0;
export function refreshSoon(ms = AFTER_MS) {
  clearTimeout(waiting);
  waiting = setTimeout(refresh, ms);
}
async function refresh() {
  refreshSoon(REFRESH_MS);
  if (document.hidden) return;
  const known = all().map((row) => row.dataset.alert).join(",");
  const list = find("#queue", bench);
  try {
    const answer = await fetch(`${bench.dataset.rows}?${bench.dataset.query}&known=${known}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    const told = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-more]");
    if (list.isConnected) take(told);
    list.removeAttribute("data-old");
  } catch {
    list.setAttribute("data-old", ""); // see base.css: it keeps what it showed, marked as old
  }
}

// --- The list anew, when the person asks for it ---
export function reload() {
  const url = new URL(location.href);
  return ajax("GET", `${url.pathname}${url.search}`, { target: "#queue", select: "#queue", swap: "outerHTML", source: bench });
}
