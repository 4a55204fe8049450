// Pushed figures go into text nodes that were found once.
import { find } from "../core/dom.js";
import { grouped, words } from "../core/words.js";

// What the server calls a room's figures in a frame, by column and in its order (rooms/facts.py); a test compares.
export const WIRE_NAMES = {
  online: "o", online_source: "os", online_at: "oa", reward: "r", statistics_at: "ra", gifts: "g", likes: "l", messages: "m",
  views: "v", name: "n", host: "h", ended_at: "e",
};
const { online: ONLINE, online_source: ONLINE_SOURCE, reward: REWARD, views: VIEWS, ended_at: ENDED_AT } = WIRE_NAMES;
// Figures whose age is shown, by what says when they were read.
const AGED_BY = { [WIRE_NAMES.online_at]: ONLINE, [WIRE_NAMES.statistics_at]: REWARD };
export const AGED = Object.values(AGED_BY);

export const rooms = new Map(); // pk -> {row, fields: {name: field}}
const [beforeRate, afterRate] = words.wordsAMinute.split("{n}");
let away = null; // what was drawn while the store of figures was away
let changes = 0;
let second = 0; // how often nextSecond was called

// --- The page's cells, found once ---
export function collect() {
  const known = new Map(rooms);
  rooms.clear();
  for (const row of document.querySelectorAll("[data-room]")) {
    const before = known.get(Number(row.dataset.room))?.fields ?? {};
    const fields = {};
    for (const cell of row.querySelectorAll("[data-f]")) {
      // A cell that was here already has been written since; its attributes are those of when it was first drawn.
      const kept = before[cell.dataset.f];
      fields[cell.dataset.f] = kept?.cell === cell && kept.text?.isConnected ? kept : fieldOf(cell);
    }
    rooms.set(Number(row.dataset.room), { row, fields });
  }
  away = find("[data-away]");
  showChanges();
}
function fieldOf(cell) {
  const change = cell.querySelector("[data-c]");
  return {
    cell,
    text: cell.querySelector("[data-v]").firstChild,
    // Its text node stays and gets other words: half the work of new ones, hundreds of times a second.
    change: change && (change.firstChild ?? change.appendChild(document.createTextNode(""))),
    said: change?.textContent, // reading it from the document costs as much as writing it
    value: parse(cell.querySelector("[data-v]").textContent),
    at: Number(cell.dataset.at) || 0,
    base: cell.dataset.base ? Number(cell.dataset.base) : null,
    baseAt: Number(cell.dataset.baseAt) || 0,
    age: "",
    mark: "",
    way: cell.dataset.moved ?? "",
    movedIn: second,
  };
}
function parse(text) {
  const digits = text.replace(/,/g, "");
  return /^\d+$/.test(digits) ? Number(digits) : null;
}

// --- A frame with figures ---
export function takeFigures(frame) {
  for (const flat of frame.rooms) patch(flat);
  if (away && Number.isInteger(frame.changes)) isBack();
  if (Number.isInteger(frame.changes)) changes = frame.changes;
}
// The server had no figures when it drew the page; now they come.
function isBack() {
  away.removeAttribute("data-away");
  find("[data-figures-away]")?.remove();
  away = null;
}
// A room's new figures: [pk, field, value, field, value, ...]
function patch(flat) {
  const room = rooms.get(flat[0]);
  if (!room) return;
  for (let i = 1; i < flat.length; i += 2) {
    const name = flat[i];
    const value = flat[i + 1];
    if (name === ENDED_AT) {
      // When the page heard of it; a row that the server wrote as ended says nothing and stays.
      if (value && !("ended" in room.row.dataset)) room.row.dataset.ended = String(Math.round(performance.now()));
    } else if (name in AGED_BY) {
      const field = room.fields[AGED_BY[name]];
      if (field && value) field.at = value;
    } else if (name === ONLINE_SOURCE) {
      if (room.fields[ONLINE]) room.fields[ONLINE].cell.dataset.source = value;
    } else {
      const field = room.fields[name];
      if (field?.text && value !== null && value !== field.value) show(name, field, value);
    }
  }
  const reward = room.fields[REWARD];
  if (reward?.change && reward.base !== null) showRate(reward);
}
function show(name, field, value) {
  field.text.data = grouped(value);
  if (field.value !== null && name !== VIEWS) {
    showWay(field, value > field.value ? "up" : "down");
  }
  field.value = value;
  if (name === ONLINE && field.change && field.base !== null) {
    const difference = value - field.base;
    showChange(field, difference > 0 ? `+${grouped(difference)}` : difference < 0 ? `−${grouped(-difference)}` : "");
  }
}
// Which way it went, for a second or two. An attribute of its own costs half of what a class does; what goes on the
// same way has it already.
function showWay(field, way) {
  if (field.way !== way) field.cell.setAttribute("data-moved", way);
  field.way = way;
  field.movedIn = second;
}
export function forgetWay(field) {
  if (!field.way || second - field.movedIn < 2) return;
  field.cell.removeAttribute("data-moved");
  field.way = "";
}
export function nextSecond() {
  second += 1;
}
function showRate(field) {
  const minutes = (field.at - field.baseAt) / 60;
  const rate = minutes > 0.3 ? Math.round((field.value - field.base) / minutes) : 0;
  showChange(field, rate > 0 ? `${beforeRate}+${grouped(rate)}${afterRate}` : "");
}
function showChange(field, text) {
  if (field.said === text) return;
  field.said = text;
  field.change.data = text;
}

// --- How many rooms opened or ended since the list was drawn ---
export function showChanges() {
  const holder = find("[data-changes-at]");
  const chip = find("[data-changes]");
  if (!holder || !chip) return;
  if (!holder.dataset.changesAt) holder.dataset.changesAt = changes || "";
  const n = changes - Number(holder.dataset.changesAt);
  chip.hidden = !(changes && n > 0);
  chip.textContent = n === 1 ? words.wordsChange : words.wordsChanges.replace("{n}", n);
}
