// What is said to people who do not see the page: one polite and one assertive live region, in the page from its beginning.
// Everything that speaks does it through `announce`; and the title, which says how many alerts are open.
import { find, isMeant } from "./dom.js";

const KEPT_MS = 10_000;
const AGAIN_MS = 2000; // the same sentence from two sides is one
const announced = new Map(); // sentence -> when

// A dialog makes the rest of the page deaf and dumb: while it is open, its own pair speaks.
for (const dialog of document.querySelectorAll("dialog")) {
  for (const region of document.querySelectorAll("body > [data-announcer]")) dialog.append(region.cloneNode(false));
}
export function announce(text, { urgent = false } = {}) {
  const now = performance.now();
  if (!text || now - (announced.get(text) ?? -Infinity) < AGAIN_MS) return;
  for (const [old, at] of announced) if (now - at > AGAIN_MS) announced.delete(old);
  announced.set(text, now);
  const line = document.createElement("p");
  line.textContent = text;
  const open = [...document.querySelectorAll("dialog[open]")].at(-1);
  find(`:scope > [data-announcer=${urgent ? "assertive" : "polite"}]`, open ?? document.body).append(line);
  setTimeout(() => line.remove(), KEPT_MS);
}
document.body.addEventListener("said", (event) => announce(event.detail.text));

// --- The title ---
const title = document.title;
const state = { isLost: false, alerts: 0 };
export function showInTitle(changed) {
  Object.assign(state, changed);
  const text = `${state.isLost ? "▲ " : ""}${state.alerts ? `(${state.alerts}) ` : ""}${title}`;
  if (document.title !== text) document.title = text;
}

// --- Alerts: an urgent one is said at once, on whichever page; once a tab ---
document.body.addEventListener("htmx:afterSwap", (event) => {
  const count = find(":scope > [data-alerts]", event.target);
  if (!count) return;
  showInTitle({ alerts: Number(count.dataset.alerts) });
  const newest = Number(count.dataset.urgent) || 0;
  const known = sessionStorage.getItem("urgent");
  if (known !== null && newest > Number(known)) announce(count.dataset.said, { urgent: true });
  sessionStorage.setItem("urgent", String(Math.max(newest, Number(known))));
});

// --- Lists: what a person asked for has come ---
document.body.addEventListener("htmx:afterSettle", (event) => {
  const list = event.target.closest("#rooms, #wall");
  if (!list || !isMeant(event.detail)) return;
  const parts = [find(".pager span", list), find(".filters__count .muted"), find(".empty h2", list)];
  announce(parts.map((part) => part?.textContent.trim()).filter(Boolean).join(". "));
});
