// Where the keyboard goes when what had it is swapped, removed or hidden: never to the body (WCAG 2.4.3). In this order: what has
// the same id, the same room, what had the keyboard before, the row in its place, the page's content.
const ROWS = ".room-row, .tile, #queue tr";
const MAX_REMEMBERED = 6;
const before = []; // the newest last: {element, id, room, row, caret}
let looksAgain = 0;
export let focusMovedTo = null; // what was given the keyboard, until the person chooses
export let focusMovedToOther = null; // the same, where it belongs to another room

const isThere = (element) => element?.isConnected && !element.disabled && element.checkVisibility({ visibilityProperty: true });
document.addEventListener("focusin", ({ target }) => {
  const rows = [...document.querySelectorAll(ROWS)];
  before.push({ element: target, id: target.id, room: target.closest("[data-room]")?.dataset.room, row: rows.indexOf(target.closest(ROWS)) });
  if (before.length > MAX_REMEMBERED) before.shift();
});
// Left by the person: by a press beside it or by Escape. It is still there, so nothing was taken away.
document.addEventListener("focusout", ({ target, relatedTarget }) => queueMicrotask(() => {
  if (!relatedTarget && document.activeElement === document.body && isThere(target)) before.length = 0;
}));

function keep() {
  const lost = before.at(-1);
  if (!lost || document.activeElement !== document.body || isThere(lost.element) || document.querySelector("dialog[open]")) return;
  const places = [
    () => lost.id && document.getElementById(lost.id),
    () => lost.room && document.querySelector(`:is(.room-row, .tile)[data-room="${CSS.escape(lost.room)}"]`),
    () => lost.room && document.querySelector(`article.room[data-room="${CSS.escape(lost.room)}"] h1`),
    ...before.slice(0, -1).reverse().map(({ element }) => () => element),
    () => lost.row >= 0 && [...document.querySelectorAll(ROWS)].slice(0, lost.row + 1).at(-1),
    () => document.getElementById("main"),
  ];
  for (const place of places) {
    const found = place();
    if (!found || !isThere(found)) continue;
    if (found.tabIndex < 0 && !found.hasAttribute("tabindex")) found.tabIndex = -1;
    const isOther = found.closest("[data-room]")?.dataset.room !== lost.room;
    found.focus({ preventScroll: true });
    if (document.activeElement !== found) continue;
    // Keys that act wait until the person has chosen this one.
    focusMovedToOther = isOther ? found : null;
    focusMovedTo = found; // an ended row goes all the same: nobody chose to stay on it
    return;
  }
}
// Figures are texts: a tick takes the keyboard from nobody. A script in the frame that paints it would be a long task.
const mayTake = ({ type, removedNodes }) => type === "attributes" || [...removedNodes].some((node) => node.nodeType === Node.ELEMENT_NODE);
new MutationObserver((changes) => {
  if (!before.length || !changes.some(mayTake)) return;
  keep(); // what was removed
  cancelAnimationFrame(looksAgain);
  looksAgain = requestAnimationFrame(() => requestAnimationFrame(keep)); // what was hidden loses the keyboard with the next frame
}).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["hidden", "disabled", "data-ended", "open"] });
for (const chosen of ["pointerdown", "keydown"]) {
  document.addEventListener(chosen, (event) => {
    if (chosen === "pointerdown" || ["j", "k", "h", "l", "Tab"].includes(event.key) || event.key.startsWith("Arrow")) focusMovedToOther = focusMovedTo = null;
  }, true);
}
