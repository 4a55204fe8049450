// Toasts: what came of an action, with Undo while it can be taken back.
import { announce } from "./announcer.js";
import { ajax, find } from "./dom.js";
import { withoutOverrides, words } from "./words.js";

// As long as the person may take an action back, and not while somebody reads or reaches for one (WCAG 2.2.1).
const TOAST_MS = Math.max(10_000, 1000 * Number(words.undoSeconds || 0));
const STILL_MS = 2000;
const MAX_TOASTS = 4; // beyond them the oldest goes, but none that offers Undo

// undo, reason: addresses that take the action back, or give it another reason (rooms/actions.js asks which).
export function toast(given, { undo = "", reason = "", bad = false } = {}) {
  const text = withoutOverrides(given);
  announce(text, { urgent: bad });
  const holder = find("[data-toasts]");
  const line = document.createElement("div");
  line.className = bad ? "toast toast--bad" : "toast";
  line.append(text);
  if (undo) for (const other of holder.querySelectorAll(`[data-undo="${CSS.escape(undo)}"]`)) other.closest(".toast").remove(); // of the same action
  if (reason) line.append(reasonButton(text, undo, reason));
  if (undo) line.append(undoButton(line, holder, undo));
  holder.append(line);
  const spare = [...holder.children].filter((one) => one !== line && !find("[data-undo]", one));
  while (holder.children.length > MAX_TOASTS && spare.length) spare.shift().remove();
  // All wait together: one that goes would move the others under the pointer.
  const leave = () => {
    if (holder.matches(":hover, :focus-within")) setTimeout(leave, STILL_MS);
    else line.remove();
  };
  setTimeout(leave, TOAST_MS);
}
function reasonButton(text, undo, reason) {
  const button = document.createElement("button");
  button.className = "button";
  button.textContent = words.wordsOtherReason;
  Object.assign(button.dataset, { otherReason: reason, of: undo, about: text });
  return button;
}
function undoButton(line, holder, undo) {
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
  return button;
}

document.body.addEventListener("toast", (event) => toast(event.detail.text, event.detail));
// A toast must not offer what its line no longer offers.
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (!event.target.id?.startsWith("acts-")) return;
  for (const button of document.querySelectorAll("[data-toasts] :is([data-undo], [data-of])")) {
    const isOffered = Boolean(find(`[data-post="${CSS.escape(button.dataset.undo ?? button.dataset.of)}"]`, event.target));
    if (isOffered) button.dataset.line = event.target.id;
    else if (button.dataset.line === event.target.id) button.remove();
  }
});

// --- Their place: the first corner where they cover no End and nothing that closes an alert, and few other actions ---
const CORNERS = ["bottom-left", "bottom-right", "top-right", "top-left"];
const FINAL = ".act--danger, .button--danger, [name=outcome]";
const holder = find("[data-toasts]");
const isUsed = () => holder.matches(":hover, :focus-within"); // never moved from under a hand
function cover({ left, right, top, bottom }) {
  let sum = 0;
  for (const act of document.querySelectorAll(`.act, .selection button, ${FINAL}`)) {
    const box = act.getBoundingClientRect();
    if (!box.width || box.left >= right || box.right <= left || box.top >= bottom || box.bottom <= top) continue;
    // What lies under the bar on top already is not covered by the toast.
    const seen = document.elementsFromPoint(box.left + box.width / 2, box.top + box.height / 2).find((one) => !holder.contains(one));
    if (act.contains(seen)) sum += act.matches(FINAL) ? 100 : 1;
  }
  return sum;
}
function place() {
  if (!holder.childElementCount || isUsed()) return;
  let least = Infinity, best = CORNERS[0];
  for (const corner of CORNERS) {
    holder.dataset.corner = corner;
    const covered = cover(holder.getBoundingClientRect());
    if (covered < least) [least, best] = [covered, corner];
    if (!covered) break;
  }
  holder.dataset.corner = best;
}
if (holder) new MutationObserver(place).observe(holder, { childList: true });
document.addEventListener("scrollend", place);
addEventListener("resize", place);
