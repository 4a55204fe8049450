// The alert beside the list. The next one is fetched before it is wanted; a key pressed between two alerts waits for the one
// that is then selected, or says that it was not used.
import { dialog } from "../core/dialog.js";
import { fill, find } from "../core/dom.js";
import { toast } from "../core/toast.js";
import { words } from "../core/words.js";
import { carryOut, keepKeys } from "../keys.js";
import { bench, current, focusRow, nextOpen, setCurrent } from "./rows.js";

const KEEP_MS = 20_000; // a fetched panel is shown within this time
const TIMEOUT_MS = 8000;
const MAX_KEPT_KEYS = 12;

export const panel = find("#case");
export const shownCase = () => find("[data-case]", panel);
const fetched = new Map(); // alert -> {at, html: promise}
let wanted = shownCase()?.dataset.alert ?? ""; // the alert that is selected
let loading = 0;
let isOld = false; // what is shown has changed since it was fetched

// --- Fetching ---
async function ask(address) {
  const answer = await fetch(address, { headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (answer.redirected) location.reload(); // logged out meanwhile
  if (!answer.ok || answer.redirected) throw new Error(answer.status);
  return answer.text();
}
function htmlOf(row) {
  const pk = row.dataset.alert;
  const known = fetched.get(pk);
  if (known && performance.now() - known.at < KEEP_MS) return known.html;
  const html = ask(find("a", row).dataset.panel);
  fetched.set(pk, { at: performance.now(), html });
  html.catch(() => fetched.delete(pk));
  return html;
}
export function forget(pk) {
  fetched.delete(String(pk));
  if (shownCase()?.dataset.alert === String(pk)) isOld = true;
}
function fetchNext() {
  const next = current() && nextOpen(current());
  for (const [pk, { at }] of fetched) if (performance.now() - at > KEEP_MS) fetched.delete(pk);
  if (next) htmlOf(next).catch(() => {});
}

// --- Showing ---
// focus: whether the keyboard goes to its row. open: on a narrow screen it takes the place of the list.
export async function show(row, { focus = true, open = false } = {}) {
  const pk = row.dataset.alert;
  const isSame = pk === wanted;
  wanted = pk;
  setCurrent(row);
  if (open) bench.setAttribute("data-open", "");
  if (focus) focusRow(row);
  const address = find("a", row).href;
  if (location.href !== address) history.replaceState(history.state, "", address);
  if (isSame && shownCase()?.dataset.alert === pk && !isOld) return; // anew it would take a note that is being written
  loading += 1;
  panel.setAttribute("aria-busy", "true");
  try {
    const html = await htmlOf(row);
    if (wanted === pk) {
      fill(panel, html);
      isOld = false;
    }
  } catch {
    if (wanted === pk) {
      toast(words.wordsUnasked, { bad: true });
      drop();
      wanted = shownCase()?.dataset.alert ?? ""; // what is shown is what keys act on
      const back = [...bench.querySelectorAll(".bench__row")].find((one) => one.dataset.alert === wanted);
      if (back) setCurrent(back);
    }
  } finally {
    loading -= 1;
    if (!loading) panel.removeAttribute("aria-busy");
  }
  if (wanted !== pk) return;
  if (document.activeElement === document.body) focusRow(row);
  fetchNext();
  use();
}
// The same alert as it is now.
export function showAgain() {
  const row = current();
  if (!row) return;
  forget(row.dataset.alert);
  show(row, { focus: false });
}
fetchNext();

// --- Keys between two alerts ---
const orders = new Set(); // requests that order something, or fetch a dialog's form
const kept = [];
const isBusy = () => loading > 0 || orders.size > 0;
const counts = ({ requestConfig, target }) => requestConfig.verb !== "get" || target?.id === "dialog";

keepKeys((key) => {
  // Moving needs no alert; but what waits comes first.
  if (!kept.length && (!isBusy() || (!orders.size && "jk".includes(key)))) return false;
  if (kept.length < MAX_KEPT_KEYS) kept.push(key);
  else drop();
  return true;
});
function use() {
  while (kept.length && !isBusy()) {
    const key = kept.shift();
    if (key === "Enter") find("form", dialog.open ? dialog : shownCase())?.closest("dialog[open] form")?.requestSubmit();
    else carryOut(key);
  }
}
function drop() {
  if (!kept.length) return;
  kept.length = 0;
  toast(bench.dataset.wordsDropped, { bad: true });
}
document.body.addEventListener("htmx:beforeSend", ({ detail }) => { if (counts(detail)) orders.add(detail.xhr); });
document.body.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!orders.delete(detail.xhr)) return;
  if (!detail.successful) drop(); // what was typed on top of it was meant for another state of things
  setTimeout(use);
});
