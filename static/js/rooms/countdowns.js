// Countdowns on rows and room pages: when a time limit is over, how long a host has been gone.
import { now as serverNow } from "../core/clock.js";
import { trigger } from "../core/dom.js";
import { words } from "../core/words.js";
import { onFrame } from "../live/socket.js";
import { onBadges } from "./badges.js";

const countdowns = new Map(); // pk -> {until, gone, grace}; Unix seconds, 0: none
const SOON = 300; // seconds before a limit ends: the host is warned

const two = (n) => String(n).padStart(2, "0");
function span(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
function gone(text, since, grace, now) {
  return text.replace("{n}", span(Math.min(now - since, grace))).replace("{m}", span(grace));
}
function left(until, now) {
  return until > now ? words.wordsLeft.replace("{n}", span(until - now)) : words.wordsOver;
}

onBadges((badges) => {
  countdowns.clear();
  for (const [pk, countdown] of Object.entries(badges.clocks)) countdowns.set(pk, countdown);
  draw();
});

function draw() {
  const now = serverNow();
  for (const badge of document.querySelectorAll("[data-room] [data-clock]")) {
    const countdown = countdowns.get(badge.closest("[data-room]").dataset.room);
    const text = !countdown ? "" : countdown.gone ? gone(words.wordsGone, countdown.gone, countdown.grace, now) : left(countdown.until, now);
    if (badge.textContent !== text) badge.textContent = text;
    badge.classList.toggle("is-soon", Boolean(countdown && (countdown.gone || countdown.until - now < SOON)));
  }
  for (const badge of document.querySelectorAll("[data-gone]")) {
    badge.textContent = gone(badge.dataset.text, Number(badge.dataset.gone), Number(badge.dataset.grace), now);
  }
  for (const badge of document.querySelectorAll("[data-until]")) badge.textContent = left(Number(badge.dataset.until), now);
  for (const bar of document.querySelectorAll("[data-fill]")) bar.value = now - Number(bar.dataset.fill);
  for (const bar of document.querySelectorAll("[data-drain]")) {
    const from = Number(bar.dataset.from);
    const until = Number(bar.dataset.drain);
    bar.value = until > from ? Math.max(0, Math.min(1, (until - now) / (until - from))) : 0;
  }
}

onFrame("clock", ({ room, clock: countdown }) => {
  if (countdown.until || countdown.gone) countdowns.set(String(room), countdown);
  else countdowns.delete(String(room));
  const card = document.querySelector(`[data-room="${room}"] [data-life]`);
  if (card) trigger(card, "clock");
  draw();
});
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.matches?.("[data-life]")) draw();
});
setInterval(draw, 1000);
