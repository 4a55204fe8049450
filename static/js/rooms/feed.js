// The lines of all live rooms in one feed, newest first. Lines are put in once a frame of the screen, and never under a hand:
// while somebody points at the feed, has the keyboard in it, selects in it or reads further down, they wait.
import { ajax, find } from "../core/dom.js";
import { grouped } from "../core/words.js";
import { onFrame } from "../live/socket.js";
import { filterOf } from "./feed_filter.js";

const MAX_LINES = 200; // in the page
const MAX_WAITING = 200; // of more only the newest are kept; the others are counted
const AT_ONCE = 40; // put in within one frame of the screen
const MAX_KNOWN = 3000;
const RATE_MS = 60_000;
const RULE_MS = 1000; // what a rule finds is asked for so often at most
const TYPED_MS = 250;
const TIMEOUT_MS = 8000;

const list = find("[data-feed]");
const form = find("[data-feed-form]");
const template = find("[data-feed-line]")?.content.firstElementChild;
const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: document.documentElement.dataset.timeZone || undefined });

let waiting = []; // lines that fit, oldest first: {line, room}
let known = new Set(); // what is here or waits: the server may tell of it again
let newest = 0; // the newest line that was heard of, whether it fits or not
let lost = 0; // too many for the console
let unseen = 0; // stored, and not shown here
let arrivals = []; // [moment, how many]
let fits = () => true;
let isStopped = false; // by the button
let isAtTop = true;
let isAsked = false; // what waits is shown, whoever points at it
let drawing = 0;
let asking = null; // the request under way
let askAgain = false;
let asksAt = 0; // timer of a rule's next question

// --- A line ---
function made({ line, room }) {
  const item = template.cloneNode(true);
  const at = new Date(line.at);
  const when = find("time", item);
  when.dateTime = when.title = at.toISOString();
  when.textContent = clock.format(at);
  const place = find(".feed__room", item);
  place.href = place.getAttribute("href").replace("/0", `/${room.room}`);
  place.firstElementChild.textContent = place.title = room.title;
  find(".chat__who", item).textContent = line.account;
  const who = find("[data-chat-account]", item);
  who.href = who.getAttribute("href") + encodeURIComponent(line.account); // no path could hold every account
  find(".chat__text", item).textContent = line.text;
  if (line.account === room.owner) find(".controls", item).replaceChildren();
  for (const act of item.querySelectorAll("[data-chat-act]")) {
    act.dataset.form = act.dataset.form.replace("/0/", `/${room.room}/`) + encodeURIComponent(line.account);
    act.ariaLabel += line.account;
  }
  return item;
}

// --- Waiting, and going in ---
const selects = () => {
  const selection = getSelection();
  return !selection.isCollapsed && list.contains(selection.anchorNode);
};
const isHeld = () =>
  isStopped || !isAtTop || (matchMedia("(hover: hover)").matches && list.matches(":hover")) || list.contains(document.activeElement) || selects() || Boolean(find("dialog[open]"));
function schedule() {
  drawing ||= requestAnimationFrame(draw);
}
function draw() {
  drawing = 0;
  if (waiting.length && (isAsked || !isHeld())) {
    const part = waiting.splice(0, AT_ONCE);
    list.prepend(...part.map(made).reverse());
    while (list.children.length > MAX_LINES && !list.lastElementChild.contains(document.activeElement)) list.lastElementChild.remove();
    if (waiting.length) schedule();
    else isAsked = false;
  }
  showState();
}
// What waits goes in now.
export function showNew() {
  if (!waiting.length) return;
  isAsked = true;
  schedule();
}
function keep(lines) {
  waiting.push(...lines);
  if (waiting.length > MAX_WAITING) unseen += waiting.splice(0, waiting.length - MAX_WAITING).length;
  schedule();
}

// --- What comes ---
function linesOf(frame) {
  const lines = frame.rooms.flatMap((room) => room.lines.map((line) => ({ line, room })));
  return lines.sort((one, other) => one.line.id - other.line.id).filter(({ line }) => !known.has(line.id));
}
function remember(lines) {
  for (const { line } of lines) known.add(line.id);
  if (known.size > MAX_KNOWN) known = new Set([...known].slice(-MAX_KNOWN / 2));
}
function hear(frame) {
  lost += frame.left_out;
  const lines = linesOf(frame);
  arrivals.push([performance.now(), lines.length]);
  if (form.elements.rule?.value) {
    asksAt ||= setTimeout(() => { asksAt = 0; ask(); }, RULE_MS);
    return;
  }
  remember(lines);
  newest = Math.max(newest, lines.at(-1)?.line.id ?? 0);
  keep(lines.filter(({ line, room }) => fits(line, room)));
}
// What the server has stored since the newest line that is known here. One question at a time; `true` begins anew.
async function ask(anew = false) {
  if (asking && !anew) {
    askAgain = true;
    return;
  }
  asking?.abort();
  const mine = asking = new AbortController();
  askAgain = false;
  const query = new URLSearchParams(values());
  if (newest) query.set("after", newest);
  try {
    const answer = await fetch(`${list.dataset.lines}?${query}`, { signal: AbortSignal.any([mine.signal, AbortSignal.timeout(TIMEOUT_MS)]) });
    if (answer.redirected) location.reload();
    if (!answer.ok) return;
    const frame = await answer.json();
    if (mine !== asking) return;
    const lines = linesOf(frame);
    remember(lines);
    newest = Math.max(newest, frame.newest);
    unseen += frame.left_out;
    keep(lines);
  } catch { /* the bar says that the connection is lost; the next snapshot asks again */
  } finally {
    if (mine === asking) {
      asking = null;
      if (askAgain) ask();
    }
  }
}

// --- The filters ---
const values = () => Object.fromEntries([...new FormData(form)].filter(([, value]) => value.trim()));
function begin() {
  fits = filterOf(values());
  const query = new URLSearchParams(values()).toString();
  history.replaceState(null, "", query ? `?${query}` : location.pathname);
  const stored = find("[data-feed-search]");
  stored.href = `${stored.pathname}?${query}`;
  waiting = [];
  known.clear();
  newest = lost = unseen = 0;
  list.replaceChildren();
  ask(true);
}

// --- What stands beside the lines ---
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
  element.hidden = !text;
}
function showState() {
  const chip = find("[data-feed-new]");
  const n = isAsked ? 0 : waiting.length;
  write(chip, n ? (n === 1 ? chip.dataset.wordsOne : chip.dataset.wordsMore.replace("{n}", n)) : "");
  for (const [name, count] of [["lost", lost], ["unseen", unseen]]) {
    const line = find(`[data-feed-${name}]`);
    write(line, count ? line.dataset.words.replace("{n}", grouped(count)) : "");
  }
  find("[data-feed-none]").hidden = Boolean(list.firstElementChild || waiting.length || asking);
}
function everySecond() {
  const since = performance.now() - RATE_MS;
  arrivals = arrivals.filter(([at]) => at > since);
  const rate = find("[data-feed-rate]");
  write(rate, rate.dataset.wordsRate.replace("{n}", grouped(arrivals.reduce((sum, [, n]) => sum + n, 0))));
  schedule();
}

// The act of this name on the line that has the keyboard.
export const press = (name) => document.activeElement.closest(".feed__line")?.querySelector(`[data-chat-act="${name}"]`)?.click();

function listen() {
  let typing = 0;
  const soon = (ms) => {
    clearTimeout(typing);
    typing = setTimeout(begin, ms);
  };
  form.addEventListener("input", (event) => soon(event.target.matches("select") ? 0 : TYPED_MS));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    soon(0);
  });
  const pause = find("[data-feed-pause]");
  pause.addEventListener("click", () => {
    isStopped = !isStopped;
    pause.setAttribute("aria-pressed", String(isStopped));
    schedule();
  });
  find("[data-feed-new]").addEventListener("click", showNew);
  list.addEventListener("click", ({ target }) => {
    const act = target.closest("[data-chat-act]");
    if (act) ajax("GET", act.dataset.form, "#dialog");
  });
  for (const event of ["pointerleave", "focusout"]) list.addEventListener(event, schedule);
  document.addEventListener("selectionchange", schedule);
  new IntersectionObserver(([{ isIntersecting }]) => {
    isAtTop = isIntersecting;
    if (isAtTop) schedule();
  }).observe(find("[data-feed-status]"));
  onFrame("feed", hear);
  // Before a snapshot frames may have been left out, and a hidden tab is sent none.
  onFrame("snapshot", () => { if (!document.hidden) ask(); });
  setInterval(everySecond, 1000);
  begin();
}
if (list) listen();
