// Lines of chat as they come: newest at the bottom, and nobody who reads further up is taken away from there.
import { day, time } from "../core/clock.js";
import { ajax, find, trigger } from "../core/dom.js";
import { onFrame } from "../live/socket.js";
import { nameAll } from "./profiles.js";

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

function made(line, { owner }) {
  const item = find("[data-chat-line]", panel).content.firstElementChild.cloneNode(true);
  const at = find("time", item);
  item.dataset.line = line.id;
  at.dateTime = new Date(line.at).toISOString();
  at.title = `${at.dateTime.slice(0, 19).replace("T", " ")} UTC`;
  at.textContent = time(line.at);
  find("[data-profile]", item).dataset.profile = line.account;
  find("[data-profile]", item).dataset.initial = [...line.account][0] ?? "";
  find("[data-nick]", item).dataset.nick = line.account;
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

// A line that begins another day stands under its date.
function withDays(list, items, lines) {
  let last = [...list.querySelectorAll("[data-day]")].at(-1)?.dataset.day;
  return items.flatMap((item, number) => {
    const today = day(lines[number].at);
    if (today === last) return [item];
    last = today;
    const head = document.createElement("li");
    head.className = "chat__day";
    head.dataset.day = today;
    const at = head.appendChild(document.createElement("time"));
    at.dateTime = today;
    at.textContent = today;
    return [head, item];
  });
}
function add(list, more) {
  const wasAtEnd = isAtEnd(list);
  const known = new Set([...list.children].slice(-MAX_LINES).map((item) => item.dataset.line));
  const fresh = more.filter((line) => !known.has(String(line.id)));
  if (!fresh.length) return;
  const items = fresh.map((line) => made(line, list.dataset));
  list.append(...withDays(list, items, fresh));
  nameAll(panel, panel.dataset.profiles);
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
    nameAll(panel, panel.dataset.profiles);
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
