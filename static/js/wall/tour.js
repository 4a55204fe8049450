// The tour: a page of the rooms unseen longest, then the next one. Which rooms these are is the server's to say.
// It never moves what somebody points at, has the keyboard on, or is about to undo.
import { announce } from "../core/announcer.js";
import { ajax, find } from "../core/dom.js";

const wall = () => find("#wall[data-tour]");
let left = 0;
let isPaused = false;
let isFetching = false;

function pace() {
  return Number(localStorage.getItem("tour-pace")) || 20;
}
function isHeld() {
  return Boolean(find(".tile:hover, .drain, dialog[open]") || document.activeElement?.closest(".tile"));
}
// How many tiles have at least half of themselves on this screen: only these are looked at.
function fit() {
  const tile = find(".tile");
  if (!tile || wall().matches(".wall--focus")) return 0;
  const { offsetHeight: height, offsetTop: top } = tile;
  const all = [...document.querySelectorAll(".tile")];
  const second = all.find((other) => other.offsetTop > top);
  if (!second) return 0; // all in one row
  const rows = Math.floor((innerHeight - tile.getBoundingClientRect().top - scrollY - height / 2) / (second.offsetTop - top)) + 1;
  return Math.max(1, rows) * all.indexOf(second);
}
function nextAddress() {
  const tiles = fit();
  return tiles ? `${wall().dataset.tourAddress}&fit=${tiles}` : wall().dataset.tourAddress;
}
function begin() {
  if (!wall()) return;
  left = pace();
  isFetching = false;
  const choice = find("[data-tour-pace]");
  choice.value = String(pace());
  show();
}
function show() {
  const { textNext, textHeld, textPaused } = wall().dataset;
  const text = isPaused ? textPaused : left <= 0 && isHeld() ? textHeld : textNext.replace("{n}", Math.max(0, left));
  const line = find("[data-tour-text]");
  if (line.textContent !== text) line.textContent = text;
  find("[data-tour-pause]").setAttribute("aria-pressed", String(isPaused));
}
function everySecond() {
  if (!wall() || document.hidden || isFetching) return;
  if (!isPaused) left -= 1;
  if (left <= 0 && !isPaused && !isHeld()) {
    isFetching = true;
    ajax("GET", nextAddress(), { target: "#wall", swap: "outerHTML", source: wall() }).finally(() => {
      if (isFetching) begin(); // it did not come: the page stays, and is asked for again
    });
    return;
  }
  show();
}
export function togglePause() {
  if (!wall()) return;
  isPaused = !isPaused;
  show();
  announce(find("[data-tour-text]").textContent); // once, and not each second
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-tour-pause]")) togglePause();
});
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-tour-pace]")) return;
  event.stopPropagation();
  localStorage.setItem("tour-pace", event.target.value);
  left = Math.min(left, pace());
  show();
}, true);
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.matches?.("#wall") || event.target.querySelector?.("#wall")) begin();
});
begin();
setInterval(everySecond, 1000);
