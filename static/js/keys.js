// Single keys. Ignored while typing and with Ctrl, Alt or Meta; can be switched off (WCAG 2.1.4).
import { dialog } from "./core/dialog.js";
import { find } from "./core/dom.js";
import { focusMovedToOther } from "./core/focus.js";
import { toggleTheme } from "./core/page.js";
import { pickByKey } from "./rooms/actions.js";

const GO_MS = 1500;
const PLACES = ".room-row, .tile, .feed__line";
// Whoever types on after the field has lost the keyboard does not mean commands.
const TYPING_MS = 2000;
const FIELD = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";
const PRESSED = "a, button, summary, [role=button], input[type=submit]";
let wentAt = 0;
let strayUntil = 0; // until when a key may be meant for something that is not there any more
let held = null; // what had the keyboard last
let typedIn = null; // the field that was written in, until it is left on purpose

const areOff = () => "keysOff" in document.documentElement.dataset;
export const currentRoom = () => find("[data-case]") || document.activeElement.closest("[data-room]") || find("article.room[data-room]");
function press(name) {
  const button = find(`[data-act="${name}"]`, currentRoom() || undefined);
  if (!currentRoom() || !button) return false;
  if (focusMovedToOther === document.activeElement) return false; // moved there by a swap, chosen by nobody
  button.click();
  return true;
}

// --- Moving: rows are a column, tiles a grid ---
function places() {
  return [...document.querySelectorAll(PLACES)];
}
function columns(all) {
  if (!all[0]?.matches(".tile")) return 1;
  const top = all[0].offsetTop;
  const next = all.findIndex((tile) => tile.offsetTop > top);
  return next < 1 ? all.length : next;
}
function step(by) {
  const all = places();
  const at = all.indexOf(document.activeElement.closest(PLACES));
  const place = all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + by))];
  place?.focus({ preventScroll: true });
  place?.scrollIntoView({ block: "nearest" });
}
const down = (by) => () => step(by * columns(places()));

const keys = {
  j: down(1),
  k: down(-1),
  l: () => step(1),
  h: () => step(-1),
  w: () => press("w"),
  b: () => press("b"),
  q: () => press("q"),
  u: () => press("u"),
  z: () => [...document.querySelectorAll("[data-toasts] button[data-undo]")].at(-1)?.click(),
  e: () => press("now") || press("e"),
  r: () => find("[data-changes]:not([hidden])")?.click(),
  t: toggleTheme,
  g: () => { wentAt = Date.now(); },
  "?": () => find("[data-keys]").showModal(),
  Enter: () => find("a", document.activeElement.closest(PLACES) || undefined)?.click(),
  ArrowDown: down(1),
  ArrowUp: down(-1),
  ArrowRight: () => step(1),
  ArrowLeft: () => step(-1),
};
// Keys of what only some pages or people have: taken everywhere, but without effect until addKeys gives them one.
for (const key of "cnxX!mfp/") keys[key] = () => {};
export function addKeys(more) {
  Object.assign(keys, more);
}
// Held, they go on; every other key is one press however long a finger rests on it (WCAG 3.3.4).
const MOVING = new Set(["j", "k", "h", "l", "ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft"]);
// These are the page's own unless a row or a tile has the keyboard.
const ONLY_ON_PLACES = new Set(["Enter", "ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight"]);

// A page between two things keeps a key for later (queue/case.js): `keeps` says whether it has.
let isKept = () => false;
export function keepKeys(keeps) {
  isKept = keeps;
}

function inDialog(key) {
  const option = find(`[data-key="${key}"] [name=policy]`, dialog);
  if (dialog.open && option) option.click();
}

// What the key means, whatever the layout: under Caps Lock, as a full-width letter, and by its place on the keyboard
// where it gives no letter or digit of ASCII (Cyrillic, Korean; the digits of AZERTY). "" while a word is composed.
export function meaning(event) {
  if (event.isComposing || event.keyCode === 229) return "";
  let { key } = event;
  if ([...key].length > 1) return key; // Enter, ArrowDown
  key = key.normalize("NFKC");
  if (event.getModifierState("CapsLock") && /^[A-Z]$/.test(key)) return key.toLowerCase();
  if (Object.hasOwn(keys, key)) return key;
  const isShifted = event.shiftKey && !event.getModifierState("CapsLock");
  if (/^[A-Za-z0-9]$/.test(key) || isShifted) return key;
  const place = /^(?:Key([A-Z])|Digit([0-9]))$/.exec(event.code);
  return place ? (place[1] || place[2]).toLowerCase() : key;
}

// --- Keys that were meant for a field ---
// Leaving it by Tab, Escape or the pointer is a decision; whatever else takes the keyboard away is not.
document.addEventListener("focusin", (event) => { held = event.target; });
document.addEventListener("pointerdown", () => {
  strayUntil = 0;
  held = typedIn = null;
}, true);
function isStray(event) {
  const at = performance.now();
  if (event.target.closest?.(FIELD)) {
    const isLeft = ["Tab", "Escape"].includes(event.key);
    strayUntil = isLeft ? 0 : at + TYPING_MS;
    typedIn = isLeft || (event.key === "Enter" && !event.isComposing) ? null : event.target;
    return false;
  }
  // A dialog that was closed under the hands gives the keyboard to a row: that is no decision either.
  const isTaken = typedIn && !(typedIn.isConnected && typedIn.checkVisibility());
  typedIn = isTaken ? null : typedIn;
  const isNowhere = document.activeElement === document.body;
  const hasFallen = isNowhere && held && !held.isConnected;
  // Who goes on typing into nowhere is heard again after two silent seconds.
  if (hasFallen || isTaken || (isNowhere && at < strayUntil)) strayUntil = at + TYPING_MS;
  if (hasFallen) held = null;
  return at < strayUntil;
}

// A held Enter or Space presses a button again and again: once is what was meant.
document.addEventListener("keydown", (event) => {
  if (event.repeat && ["Enter", " "].includes(event.key) && event.target.closest(PRESSED)) event.preventDefault();
}, true);

document.addEventListener("keydown", (event) => {
  if (isStray(event)) return;
  if (event.ctrlKey || event.metaKey || event.altKey || areOff()) return;
  const key = meaning(event);
  if (!key || (event.repeat && !MOVING.has(key))) return;
  if (event.target.closest(FIELD)) {
    if (key === "Escape" && !find("dialog[open]")) event.target.blur();
    return;
  }
  if (isKept(key) || carryOut(key)) event.preventDefault();
});

// Does what a key says; whether it says anything here.
export function carryOut(key) {
  const open = find("dialog[open]");
  if (/^[1-9]$/.test(key)) {
    if (open === dialog) inDialog(key);
    else pickByKey(key);
    return false; // a radio button may want it as well
  }
  if (open || find("[data-card]:popover-open")) return false;
  if (Date.now() - wentAt < GO_MS) {
    wentAt = 0;
    const link = find(`[data-go="${CSS.escape(key)}"]`);
    if (link) {
      link.click();
      return false;
    }
  }
  if (ONLY_ON_PLACES.has(key) && !document.activeElement.matches(PLACES)) return false;
  if (key === " " && !(Object.hasOwn(keys, " ") && document.activeElement.matches(`body, ${PLACES}`))) return false;
  if (!Object.hasOwn(keys, key)) return false;
  keys[key]();
  return true;
}
