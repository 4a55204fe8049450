// What passes by itself: figures grow old, and rows of ended rooms go. Once a second.
import { now, time } from "../core/clock.js";
import { find } from "../core/dom.js";
import { focusMovedTo } from "../core/focus.js";
import { words } from "../core/words.js";
import { AGED, WIRE_NAMES, forgetWay, nextSecond, rooms } from "./figures.js";
import { checkSilence, refresh, watchedAt } from "./socket.js";

const WATCHED_SECONDS = Number(words.watchedInterval);
const REST_SECONDS = Number(words.restInterval);
const MEMBERS_SECONDS = 40; // the vendor renews its member lists about so often
const LATE = 2; // older than so many intervals: dim, with its age
const STALE = 5; // hatched, with the clock time
const TOMBSTONE_MS = 10_000;

// --- Age: fresh figures look normal, older ones say how old they are ---
function interval(name, field) {
  if (name === WIRE_NAMES.online && field.cell.dataset.source === "members") return MEMBERS_SECONDS;
  // Rooms that nobody looked at until now were read at the slower pace, as they should be.
  const isNew = performance.now() - watchedAt < LATE * WATCHED_SECONDS * 1000;
  return isNew ? Math.max(WATCHED_SECONDS, REST_SECONDS) : WATCHED_SECONDS;
}
function showAge(field, name, isEnded) {
  const old = field.at && !isEnded ? now() - field.at : 0;
  const many = old / interval(name, field);
  const mark = many > STALE ? "is-stale" : many > LATE ? "is-late" : "";
  const age = mark === "is-stale" ? time(field.at * 1000, "short") : mark ? `${Math.round(old)} s` : "";
  if (mark !== field.mark) {
    if (field.mark) field.cell.classList.remove(field.mark);
    if (mark) field.cell.classList.add(mark);
    field.mark = mark;
  }
  if (age !== field.age) {
    if (age) field.cell.dataset.age = age;
    else delete field.cell.dataset.age;
    field.age = age;
  }
}

// --- Tombstones: a row whose room has ended stays for a while, and then goes where nobody is ---
function removeEnded() {
  let removed = 0;
  for (const { row } of rooms.values()) {
    const endedAt = Number(row.dataset.ended);
    if (!endedAt || performance.now() - endedAt < TOMBSTONE_MS || !row.matches(".room-row, .tile") || isNeeded(row)) continue;
    row.remove();
    removed += 1;
  }
  if (!removed) return;
  refresh();
  showTotal(removed);
}
// The number above the list is that of its rooms.
function showTotal(removed) {
  const total = find("[data-total]");
  if (!total) return;
  const n = total.dataset.total = Math.max(0, total.dataset.total - removed);
  total.textContent = n === 1 ? total.dataset.textOne : total.dataset.textMore.replace("{n}", n);
}
// What is under the pointer, and a button that drains, must not move: nothing above them goes. Nor does what has the focus.
function isNeeded(row) {
  const focused = document.activeElement;
  if (row.contains(focused) && focused !== focusMovedTo) return true;
  const still = document.querySelectorAll(":is(.room-row, .tile):is(:hover, :has(.drain))");
  return [...still].some((other) => other === row || row.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
}

function everySecond() {
  removeEnded();
  nextSecond();
  for (const { row, fields } of rooms.values()) {
    const isEnded = "ended" in row.dataset;
    for (const name of AGED) if (fields[name]) showAge(fields[name], name, isEnded);
    for (const field of Object.values(fields)) forgetWay(field);
  }
  checkSilence();
}
setInterval(everySecond, 1000);
