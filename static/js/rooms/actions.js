// Acting: the reason that acts start with, End and quarantine in one click, the countdown of its grace, Retry.
import { announce } from "../core/announcer.js";
import { now } from "../core/clock.js";
import { dialog } from "../core/dialog.js";
import { ajax, find, trigger } from "../core/dom.js";
import { words } from "../core/words.js";
import { orderSeveral } from "./selection.js";

const ask = find("[data-ask]");
const bar = find("[data-reasons]");
// As long as two taps can be one slip; the server refuses "End now" for as long.
const SLIP_MS = 700;
const DEAD_MS = 400; // what opens under a finger does not answer to it at once
const orderedAt = new Map(); // room -> when its last order was given, for the second tap of two
let askedAt = 0;
let chosen = "";
let asking = null; // the button whose act waits for its reason

// --- The reason: kept over the pages of one tab ---
// Spent by one act, and forgotten after a minute: what was meant for one room must not fall on another.
const ARMED_MS = 60_000;
let disarming = 0;
const titleOf = (code) => (code && bar ? find(`[data-reason="${CSS.escape(code)}"]`, bar).lastChild.textContent : "");
function choose(code, until = Date.now() + ARMED_MS) {
  chosen = code;
  sessionStorage.setItem("reason", code);
  sessionStorage.setItem("reason-until", String(until));
  clearTimeout(disarming);
  if (code) disarming = setTimeout(() => arm(""), until - Date.now());
  for (const button of bar.querySelectorAll("[data-reason]")) {
    button.setAttribute("aria-pressed", String(button.dataset.reason === code));
  }
  showArmed();
}
function arm(code) {
  choose(code);
  announce(code ? words.wordsArmed.replace("{reason}", () => titleOf(code)) : words.wordsDisarmed);
}
// Seen before it is spent: on the acts of the room that has the keyboard or the pointer.
function showArmed() {
  const title = titleOf(chosen);
  const rooms = [document.activeElement, pointed, find("article.room, [data-case]")].map((at) => at?.closest("[data-room]")).filter(Boolean);
  const armed = new Set(title ? rooms.flatMap((room) => [...room.querySelectorAll(".controls:has([data-end], [data-order])")]) : []);
  for (const controls of document.querySelectorAll(".controls[data-armed]")) if (!armed.has(controls)) show(controls, "");
  for (const controls of armed) if (controls.dataset.armed !== title) show(controls, title);
}
function show(controls, title) {
  if (title) controls.dataset.armed = title;
  else delete controls.dataset.armed;
  for (const button of controls.querySelectorAll("[data-end], [data-order]")) {
    if (title) button.setAttribute("aria-description", words.wordsForReason.replace("{reason}", () => title));
    else button.removeAttribute("aria-description");
  }
}
let pointed = null;
document.addEventListener("pointerover", ({ target, pointerType }) => {
  const room = target.closest("[data-room]");
  if (room === pointed || pointerType === "touch") return;
  pointed = room;
  showArmed();
});
document.addEventListener("focusin", showArmed);
document.body.addEventListener("htmx:afterSettle", () => { if (chosen) showArmed(); });
if (bar) {
  const kept = sessionStorage.getItem("reason") || "";
  const until = Number(sessionStorage.getItem("reason-until"));
  if (kept && Date.now() < until && until <= Date.now() + ARMED_MS && find(`[data-reason="${CSS.escape(kept)}"]`, bar)) choose(kept, until);
}

// --- End, and what else is ordered in one click: data-end and data-order name the address ---
const roomOf = (element) => element.closest("[data-room]")?.dataset.room;
// at: when it was pressed, not when a busy page came to it.
const isSlip = (element, at) => at - (orderedAt.get(roomOf(element)) ?? -Infinity) < SLIP_MS;
const isDraining = (button) => Boolean(button.dataset.end && find(`#acts-${roomOf(button)} .drain`)); // ordered already
function order(button, at) {
  if (!button.dataset.several && (isSlip(button, at) || isDraining(button))) return;
  if (!chosen) {
    askBeside(button);
    return;
  }
  const policy = chosen;
  choose("");
  send(button, policy, at);
}
function send(button, policy, at) {
  if (button.dataset.several) {
    orderSeveral(button.dataset.several, policy);
    return;
  }
  orderedAt.set(roomOf(button), at);
  // A second press on the same button is the same act.
  button.dataset.key ||= crypto.randomUUID();
  // An order about a member says whom, and for how many seconds.
  const { key, account, seconds } = button.dataset;
  const values = { policy, key, ...(account && { account, seconds }) };
  ajax("POST", button.dataset.end || button.dataset.order, { swap: "none", source: button, values });
}
// Beside the button, never under it: the same place must not be pressed twice by accident.
function askBeside(button) {
  if (!ask) return;
  asking = button;
  const name = find("[data-ask-room]", ask);
  const room = button.closest("[data-room]");
  name.textContent = button.dataset.about ?? [find(".act__word", button)?.textContent ?? button.textContent, (find(".title", room ?? document) ?? find("h1", room ?? document))?.textContent, room && find(".id", room)?.textContent].filter(Boolean).join(" · ");
  ask.showModal();
  askedAt = performance.now();
  if (matchMedia("(max-width: 900px)").matches) return; // a sheet at the lower edge: rooms.css
  const place = button.getBoundingClientRect();
  const left = place.left - ask.offsetWidth - 12;
  const top = Math.min(place.top, innerHeight - ask.offsetHeight - 8);
  ask.style.left = `${Math.max(8, left)}px`;
  ask.style.top = `${Math.max(8, left < 8 ? place.top - ask.offsetHeight - 12 : top)}px`;
}
ask?.addEventListener("close", () => { asking = null; });

function pick(code, at) {
  if (ask?.open && asking) {
    const button = asking;
    ask.close();
    if (button.dataset.otherReason) ajax("POST", button.dataset.otherReason, { swap: "none", source: document.body, values: { policy: code } });
    else send(button, code, at); // for this act alone
  } else {
    arm(chosen === code ? "" : code);
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-end], [data-order], [data-several]:not([data-several=claim])");
  if (button && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    order(button, event.timeStamp);
  }
  // Heard here and not on the button: it may have been swapped in a moment ago.
  const poster = event.target.closest("[data-post]");
  if (poster?.dataset.act === "now" && isSlip(poster, event.timeStamp)) return; // an Undo is never too early
  if (poster) ajax("POST", poster.dataset.post, { swap: "none", source: document.body });
  const other = event.target.closest("[data-other-reason]");
  if (other) askBeside(other);
  const reason = event.target.closest("button[data-reason]");
  if (reason && reason.closest("dialog") && event.detail > 0 && event.timeStamp - askedAt < DEAD_MS) return; // when it was tapped, however late a busy page hears of it
  if (reason) pick(reason.dataset.reason, event.timeStamp);
});

// --- The line of a room's acts ---
// It is fetched often and seldom differs. A press takes 100 ms: one that meets a swap would be lost.
const versions = (root) => [...root.querySelectorAll(".acts__line")].map((line) => line.dataset.version).join();
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { target, serverResponse } = event.detail;
  if (!target.id?.startsWith("acts-") || !event.detail.shouldSwap) return;
  const answer = new DOMParser().parseFromString(serverResponse, "text/html");
  event.detail.shouldSwap = versions(answer) !== versions(target);
});

document.addEventListener("submit", (event) => {
  // A form that began with the armed reason has spent it.
  if (chosen && dialog.contains(event.target) && event.target.elements.policy) choose("");
  const form = event.target.closest("[data-retry]");
  if (!form) return;
  event.preventDefault();
  ajax("POST", form.getAttribute("action"), { swap: "none", source: form, values: { key: crypto.randomUUID() } });
});
document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "dialog" || !chosen) return;
  const option = find(`[name=policy][value="${CSS.escape(chosen)}"]`, dialog);
  if (option && !find("[name=policy]:checked", dialog)) {
    option.checked = true;
    option.focus();
  }
});
document.body.addEventListener("acted", (event) => {
  const line = document.getElementById(`acts-${event.detail.room}`);
  if (line) trigger(line, "act");
  const mine = `[data-room="${event.detail.room}"]`;
  for (const button of document.querySelectorAll(`${mine} [data-end], ${mine} [data-order]`)) delete button.dataset.key;
});

// --- The countdown is the server's; here it is only shown ---
setInterval(() => {
  for (const chip of document.querySelectorAll("[data-due]")) {
    const left = chip.dataset.due - now();
    if (left <= 0) continue;
    chip.textContent = words.wordsEnding.replace("{n}", Math.ceil(left));
    chip.style.setProperty("--part", Math.min(1, left / (chip.dataset.due - chip.dataset.from)));
  }
}, 200);

export function pickByKey(key) {
  const button = find(`${ask?.open ? "[data-ask]" : "[data-reasons]"} [data-reason][data-key="${key}"]`);
  if (button) pick(button.dataset.reason, performance.now());
  return Boolean(button);
}
