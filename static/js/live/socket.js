// The connection: says which rooms this page shows, hands out what is pushed, and knows when it is dead.
import { setServerTime } from "../core/clock.js";
import { find, trigger } from "../core/dom.js";
import { connection } from "../core/failures.js";
import { showFound, showLost, showSilent, showVendor } from "./bars.js";
import { collect, rooms, showChanges, takeFigures } from "./figures.js";

const MAX_ROOMS = 200;
const POLL_AFTER_MS = 15_000;
const POLL_EVERY_MS = 5_000;
const ASK_MS = 5_000; // no frame for so long: the socket is asked
const DEAD_MS = 10_000; // and has not answered
const ANSWER_MS = 2_500;
const SILENT_MS = 15_000; // frames come, but none of the collector's

const hearers = new EventTarget();
let socket = null;
let opening = null; // the newest socket, open or not
let watched = "";
export let watchedAt = performance.now(); // since when the collector may know that these rooms are on a screen
let wait = 500;
let retry = 0;
let lostAt = 0;
let poller = 0;
let heardAt = performance.now();
let tickAt = performance.now();
let asked = false;

// Calls `hear` with each frame of this kind (rooms/live.py, Kind), and with those that bring all figures: "snapshot".
export const onFrame = (kind, hear) => hearers.addEventListener(kind, ({ detail }) => hear(detail));

// The page's rooms anew: what it shows is found, and the server hears of it.
export function refresh() {
  collect();
  sendWatch();
}
// looks: which rooms somebody looked at. False when there is no connection.
export function sendWatch(looks = []) {
  if (socket?.readyState !== WebSocket.OPEN) return false;
  const watch = [...rooms.keys()].slice(0, MAX_ROOMS);
  const chat = Number(find("[data-chat]")?.dataset.chat) || 0;
  socket.send(JSON.stringify({ watch, visible: !document.hidden, chat, ...(looks.length && { looks }) }));
  if (watch.join() !== watched) {
    watched = watch.join();
    watchedAt = performance.now();
  }
  return true;
}

// --- Frames ---
function take(frame) {
  if (frame.k === "act") {
    const line = document.getElementById(`acts-${frame.room}`);
    if (line) trigger(line, "act");
  } else if (frame.k === "host") {
    const panel = find(`[data-host="${frame.room}"]`);
    if (panel) trigger(panel, "host");
  } else if (frame.k === "alerts") trigger(document.body, "alerts");
  else if (frame.k === "tick" || frame.k === "snapshot") takeAll(frame);
  else hand(frame);
}
const hand = (frame) => hearers.dispatchEvent(new CustomEvent(frame.k, { detail: frame }));
function takeAll(frame) {
  if (frame.at) setServerTime(frame.at);
  if (frame.k === "tick") tickAt = performance.now();
  else hand(frame);
  takeFigures(frame);
  if (frame.vendor) showVendor(frame.vendor);
  showChanges();
}

// --- Lost and found ---
function lost() {
  socket = null;
  connection.isLost = true;
  find(".strip")?.toggleAttribute("data-old", true); // it is not asked for again within the next seconds
  if (!lostAt) {
    lostAt = performance.now();
    showLost(heardAt);
    setTimeout(() => { if (lostAt && !poller) poller = setInterval(poll, POLL_EVERY_MS); }, POLL_AFTER_MS);
  }
  retry = setTimeout(open, wait * (0.5 + Math.random() / 2));
  wait = Math.min(10_000, wait * 2);
}
function found() {
  lostAt = 0;
  connection.isLost = false;
  wait = 500;
  clearInterval(poller);
  poller = 0;
  tickAt = performance.now();
  showFound();
  trigger(document.body, "found");
}
async function poll() {
  try {
    const answer = await fetch(`/live?rooms=${[...rooms.keys()].slice(0, MAX_ROOMS).join(",")}`, { signal: AbortSignal.timeout(POLL_EVERY_MS) });
    if (answer.redirected) location.reload();
    else if (answer.ok) take(await answer.json());
  } catch { /* the bar says it already */ }
}

// --- The socket ---
function open() {
  const opened = opening = new WebSocket(`${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/ws/live`);
  opened.onopen = () => {
    socket = opened;
    heardAt = performance.now();
    asked = false;
    sendWatch();
  };
  opened.onmessage = (message) => {
    const frame = JSON.parse(message.data);
    heardAt = performance.now();
    asked = false;
    if (lostAt && frame.rooms) found();
    take(frame);
  };
  opened.onclose = (event) => {
    // The session is over, or the role was taken away: the page's own reload leads to the log-in or says so.
    if (event.code === 4401 || event.code === 4403) location.reload();
    else lost();
  };
}
function drop() {
  socket.onclose = null; // it may be minutes until the browser notices
  socket.close();
  lost();
}
// The browser says that the network has gone; with a console on the same machine that may mean nothing. Whether it does
// is asked, and not waited for.
addEventListener("offline", () => {
  const at = performance.now();
  asked = true;
  sendWatch();
  setTimeout(() => { if (socket && heardAt < at) drop(); }, ANSWER_MS);
});
addEventListener("online", () => {
  if (!lostAt) return;
  clearTimeout(retry);
  opening.onclose = null;
  opening.close();
  wait = 500;
  open();
});
// Silence has two causes. A socket that is alive answers a question with a snapshot: then it is the collector
// that says nothing. One that does not answer is dead, whatever the browser believes.
export function checkSilence() {
  if (lostAt || !socket || document.hidden) return;
  const silence = performance.now() - heardAt;
  if (silence > ASK_MS && !asked) {
    asked = true;
    sendWatch();
  } else if (silence > DEAD_MS) {
    drop();
    return;
  }
  showSilent(performance.now() - tickAt > SILENT_MS ? tickAt : 0);
}

refresh();
open();
document.body.addEventListener("htmx:afterSettle", (event) => {
  // An action's own line holds no figures: finding every cell again for it would be work for nothing.
  if (event.target.querySelector?.("[data-f]") || event.target.closest?.("#rooms, #wall, [data-room] .figure")) refresh();
});
document.addEventListener("visibilitychange", () => {
  // Whoever wakes up asks at once, and does not wait long for the answer.
  tickAt = performance.now();
  heardAt = performance.now() - ASK_MS;
  asked = true;
  sendWatch();
});
