// Lines of chat as they come: newest at the bottom, and nobody who reads further up is taken away from there.
import { ajax, find, trigger } from "../core/dom.js";
import { onFrame } from "../live/socket.js";

const MAX_LINES = 300;
const MAX_FRESH = 100;
const NEAR_PX = 40;
const panel = find("[data-chat]");

let fresh = []; // lines that came since the list was last asked for: it may not hold them
let unread = 0;
let leftOut = 0;
let kept = null; // where the reader was before the list was fetched anew

const lines = () => find("[data-chat-lines]", panel);
const isAtEnd = (list) => list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_PX;
const toEnd = (list) => { list.scrollTop = list.scrollHeight; };

function made(line, { timeZone, owner }) {
  const item = find("[data-chat-line]", panel).content.firstElementChild.cloneNode(true);
  const at = new Date(line.at);
  const time = find("time", item);
  item.dataset.line = line.id;
  time.dateTime = at.toISOString();
  time.title = at.toISOString();
  time.textContent = at.toLocaleTimeString(document.documentElement.lang, { hour12: false, timeZone });
  find(".chat__who", item).textContent = line.account;
  const who = find("[data-chat-account]", item);
  who.href = who.getAttribute("href") + encodeURIComponent(line.account); // no path could hold every account
  find(".chat__text", item).textContent = line.text;
  if (line.account === owner) find(".controls", item)?.remove();
  for (const act of item.querySelectorAll("[data-chat-act]")) {
    act.dataset.form += encodeURIComponent(line.account);
    act.ariaLabel += line.account; // whom it is about, for those who hear the list of buttons
  }
  return item;
}

function add(list, more) {
  const wasAtEnd = isAtEnd(list);
  const known = new Set([...list.children].slice(-MAX_LINES).map((item) => item.dataset.line));
  const items = more.filter((line) => !known.has(String(line.id))).map((line) => made(line, list.dataset));
  if (!items.length) return;
  list.append(...items);
  find("[data-chat-none]", panel).hidden = true;
  const before = list.scrollHeight;
  while (list.children.length > MAX_LINES) list.firstElementChild.remove();
  if (wasAtEnd) toEnd(list);
  else {
    list.scrollTop -= before - list.scrollHeight;
    unread += items.length;
  }
  showUnread();
}
function showUnread() {
  const button = find("[data-chat-new]", panel);
  button.hidden = !unread;
  button.textContent = button.dataset.wordsNew.replace("{n}", unread);
}
function showLeftOut() {
  const line = find("[data-chat-left]", panel);
  line.hidden = !leftOut;
  line.textContent = line.dataset.wordsLeft.replace("{n}", leftOut);
}

function listen() {
  // After a snapshot: what was said before it was asked for has not come this way. A hidden tab is sent no lines at all.
  onFrame("snapshot", () => { if (!document.hidden) trigger(panel, "missed"); });
  onFrame("chat", (frame) => {
    if (String(frame.room) !== panel.dataset.chat) return;
    leftOut += frame.left_out;
    fresh = [...fresh, ...frame.lines].slice(-MAX_FRESH);
    const list = lines();
    if (!list) return;
    add(list, frame.lines);
    showLeftOut();
  });

  panel.addEventListener("htmx:beforeRequest", () => { fresh = []; });
  panel.addEventListener("htmx:beforeSwap", () => {
    const list = lines();
    kept = list && !isAtEnd(list) ? list.scrollTop : null;
  });
  panel.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== panel) return;
    const list = lines();
    if (kept === null) toEnd(list);
    else list.scrollTop = kept;
    unread = 0;
    add(list, fresh);
    showUnread();
    showLeftOut();
    list.addEventListener("scroll", () => {
      if (!unread || !isAtEnd(list)) return;
      unread = 0;
      showUnread();
    }, { passive: true });
  });
  panel.addEventListener("click", (event) => {
    const act = event.target.closest("[data-chat-act]");
    if (act) ajax("GET", act.dataset.form, "#dialog");
    if (event.target.closest("[data-chat-new]")) toEnd(lines());
  });
}
if (panel) listen();
