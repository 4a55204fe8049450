// Looks: a room counts as looked at when at least half of it has been on the screen of a visible tab for long enough.
// Who looked last and who is on a room now is drawn here too, as the server and the socket tell it.
import { moment, now as serverNow, utc } from "../core/clock.js";
import { words } from "../core/words.js";
import { onFrame, sendWatch } from "../live/socket.js";
import { onBadges } from "./badges.js";

const COUNTS_AFTER = Number(words.lookSeconds);
const AGAIN_AFTER = Number(words.lookAgain); // seconds: who goes on looking is counted again
const ME = Number(words.person);

const inSight = new Map(); // element -> {pk, where, seconds, reportedAt}
const seen = new Map(); // pk -> [Unix seconds, name]
const here = new Map(); // pk -> [[person, name], ...]

// --- What is on the screen ---
const where = (element) => (element.matches(".tile") ? "wall" : element.matches(".room-row") ? "list" : "room");
const sight = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting && target.isConnected) inSight.set(target, { pk: Number(target.dataset.room), where: where(target), seconds: 0, reportedAt: 0 });
    else inSight.delete(target);
  }
}, { threshold: 0.5 });
function observe() {
  sight.disconnect();
  const kept = new Set();
  for (const element of document.querySelectorAll(".room-row[data-room], .tile[data-room]")) {
    sight.observe(element);
    kept.add(element);
  }
  // A room's own page is taller than any screen: while it is open it is looked at; so is a room whose alert is open.
  const page = document.querySelector("article:is(.room, .case)[data-room]");
  if (page) {
    kept.add(page);
    if (!inSight.has(page)) inSight.set(page, { pk: Number(page.dataset.room), where: "room", seconds: 0, reportedAt: 0 });
  }
  for (const element of inSight.keys()) if (!kept.has(element)) inSight.delete(element);
}
function everySecond() {
  draw();
  if (document.hidden) {
    for (const look of inSight.values()) Object.assign(look, { seconds: 0, reportedAt: 0 });
    return;
  }
  const looks = [];
  for (const [element, look] of inSight) {
    if ("ended" in element.dataset) continue;
    look.seconds += 1;
    const due = look.reportedAt ? look.reportedAt + AGAIN_AFTER : COUNTS_AFTER;
    if (look.seconds < due) continue;
    look.reportedAt = look.seconds;
    looks.push([look.pk, look.seconds, look.where]);
  }
  if (looks.length && !sendWatch(looks)) {
    for (const look of inSight.values()) look.reportedAt = 0; // no connection: reported again when there is one
  }
}

// --- What is drawn ---
// Who looked, and when: how long ago within the last hour, else the time.
function said([at, who], now) {
  const seconds = now - at;
  if (seconds >= 3600) return `${who}, ${moment(at)}`;
  const span = seconds < 60 ? words.wordsSeconds.replace("{n}", Math.max(0, Math.round(seconds))) : words.wordsMinutes.replace("{n}", Math.floor(seconds / 60));
  return words.wordsSeen.replace("{who}", who).replace("{span}", span);
}
function write(badge, text, title) {
  if (badge.textContent !== text) badge.textContent = text;
  if (badge.title !== title) badge.title = title;
}
function draw() {
  const now = serverNow();
  for (const badge of document.querySelectorAll("[data-room] [data-seen]")) {
    const look = seen.get(badge.closest("[data-room]").dataset.room);
    const text = look ? said(look, now) : words.wordsUnseen;
    write(badge, text, look ? `${text} · ${utc(look[0])}` : text);
    badge.classList.toggle("is-unseen", !look);
  }
  for (const badge of document.querySelectorAll("[data-room] [data-here]")) {
    const others = (here.get(badge.closest("[data-room]").dataset.room) || []).filter(([person]) => person !== ME);
    const names = others.map(([, name]) => name).join(", ");
    write(badge, others.length ? words.wordsHere.replace("{n}", others.length) : "", names);
  }
}

onBadges((badges) => {
  for (const [pk, look] of Object.entries(badges.seen)) seen.set(pk, look);
  here.clear();
  for (const [pk, people] of Object.entries(badges.here)) here.set(pk, people);
  draw();
});
onFrame("seen", ({ rooms }) => { for (const [pk, at, name] of rooms) seen.set(String(pk), [at, name]); });
onFrame("here", ({ rooms }) => { for (const [pk, people] of rooms) here.set(String(pk), people); });
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.querySelector?.("[data-room]") || event.target.closest?.("#rooms, #wall")) observe();
});
observe();
setInterval(everySecond, 1000);
