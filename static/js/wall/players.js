// Pictures: each [data-player] plays while it is on the screen of a visible tab, and says what the browser sees of it.
// A source is a function of a player and of whom it reports to; it gives an object with stop() and sound(on). The cover needs none.
import { find } from "../core/dom.js";
import { words } from "../core/words.js";
import { hls } from "./hls.js";
import { trtc } from "./trtc.js";
import { send } from "./upload.js";

const SOURCES = { hls, trtc };
const SOURCE = words.pictureSource; // cover, hls or trtc
const MAX_PLAYING = 12; // more would take the time of the figures; the others wait as covers
const LOOK_EVERY_MS = 2000;
const STALLED_LOOKS = 2; // the time of the picture has stood still for so many looks
const FROZEN_LOOKS = 5; // the same picture so often, while its time goes on
const DARK = 10; // of 255: darker on average, with nothing bright in it, is black
const FLICKER = 3; // of 255
const WIDTH = 16;
const HEIGHT = 9;
const FIRST_RETRY_MS = 3000;
const LAST_RETRY_MS = 60_000;
const SETTLE_MS = 150;
const FIRST_PATIENCE_MS = 12_000; // a picture that has made no progress for so long is started again
const LAST_PATIENCE_MS = 60_000;

const players = new Map(); // element -> player
const canvas = document.createElement("canvas");
canvas.width = WIDTH;
canvas.height = HEIGHT;
const brush = canvas.getContext("2d", { willReadFrequently: true });
let sounding = null;
let settling = 0;

const texts = {
  cover: "",
  loading: words.pictureLoading,
  playing: "",
  stalled: words.pictureStalled,
  black: words.pictureBlack,
  frozen: words.pictureFrozen,
  none: words.pictureNone,
  unset: words.pictureUnset,
};

// --- What is said of a picture ---
function show(player, state) {
  if (player.state === state) return;
  player.state = state;
  player.element.dataset.picture = state;
  find("[data-picture-words]", player.element).textContent = texts[state];
  player.element.dispatchEvent(new CustomEvent("picture", { bubbles: true, detail: { state } }));
}

// --- Playing ---
function start(player) {
  if (player.source || performance.now() < player.waitUntil) return;
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.className = "player__video";
  player.video = video;
  player.element.append(video);
  Object.assign(player, { time: -1, still: 0, lights: null, same: 0, lookedAt: performance.now(), movedAt: performance.now(), recovered: false });
  show(player, "loading");
  player.source = SOURCES[SOURCE](player, { gone: () => gone(player) });
}
function stop(player) {
  if (sounding === player) mute();
  player.source?.stop();
  player.source = null;
  player.video?.remove();
  player.video = null;
}
// Nothing there, or no longer: said, and tried again, later each time.
function gone(player) {
  stop(player);
  show(player, "none");
  player.waitUntil = performance.now() + player.wait;
  player.wait = Math.min(LAST_RETRY_MS, player.wait * 2);
}
// No error need be told: a stream that began again, or a source that waits for ever, only makes no progress.
function restart(player) {
  const hadSound = sounding === player;
  player.patience = Math.min(LAST_PATIENCE_MS, player.patience * 2);
  stop(player);
  start(player);
  if (hadSound) sound(player.element);
}
function rest(player) {
  if (!player.source) return;
  stop(player);
  show(player, "cover");
}

// Those in sight play, from the top; what has the sound keeps it.
function choose() {
  settling = 0;
  for (const [element, player] of players) if (!element.isConnected) forget(player);
  const wanted = document.hidden ? [] : [...players.values()].filter((player) => player.inSight && !player.element.closest("[data-ended]"));
  wanted.sort((one, other) => (other === sounding) - (one === sounding) || one.element.compareDocumentPosition(other.element) & Node.DOCUMENT_POSITION_PRECEDING || -1);
  const chosen = new Set(wanted.slice(0, MAX_PLAYING));
  for (const player of players.values()) if (!chosen.has(player)) rest(player);
  for (const player of chosen) start(player);
}
function settle() {
  settling ||= setTimeout(choose, SETTLE_MS);
}

const sight = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    const player = players.get(target);
    if (player) player.inSight = isIntersecting;
  }
  settle();
}, { threshold: 0.25 });

function findAll(root) {
  const found = [...root.querySelectorAll("[data-player]")];
  if (root.matches?.("[data-player]")) found.push(root);
  for (const element of found) {
    if (players.has(element)) continue;
    const player = { element, pk: Number(element.dataset.player), url: element.dataset.url, state: "cover", inSight: false, wait: FIRST_RETRY_MS, waitUntil: 0, patience: FIRST_PATIENCE_MS };
    players.set(element, player);
    if (SOURCE === "cover" || (SOURCE === "hls" && !player.url)) show(player, "unset");
    else sight.observe(element);
  }
}
function forget(player) {
  stop(player);
  sight.unobserve(player.element);
  players.delete(player.element);
}

// --- What the browser sees: a look at each every two seconds, of sixteen by nine dots ---
// One picture at a time: twelve in one go are 50 ms in which no figure moves.
function look(player) {
  const { video } = player;
  if (!video) return;
  if (performance.now() - player.movedAt > player.patience) {
    restart(player);
    return;
  }
  if (video.readyState < 2) return;
  const stands = video.currentTime === player.time;
  if (!stands) {
    player.movedAt = performance.now();
    // Two looks in a row that moved: it plays, and what comes next is a new trouble.
    if (player.time > 0 && !player.still) Object.assign(player, { wait: FIRST_RETRY_MS, patience: FIRST_PATIENCE_MS });
  }
  player.time = video.currentTime;
  player.still = stands ? player.still + 1 : 0;
  if (player.still >= STALLED_LOOKS) {
    show(player, "stalled");
    return;
  }
  if (stands) return;
  const seen = dots(video);
  if (!seen) {
    show(player, "playing");
    return;
  }
  player.same = isSame(seen.lights, player.lights) ? player.same + 1 : 0;
  player.lights = seen.lights;
  if (words.stills === "tile") send(player);
  if (seen.isBlack) show(player, "black");
  else show(player, player.same >= FROZEN_LOOKS ? "frozen" : "playing");
}
// Compression alone makes a still picture flicker a little.
function isSame(one, other) {
  return Boolean(other) && one.every((light, i) => Math.abs(light - other[i]) <= FLICKER);
}
function dots(video) {
  try {
    brush.drawImage(video, 0, 0, WIDTH, HEIGHT);
    const { data } = brush.getImageData(0, 0, WIDTH, HEIGHT);
    const lights = new Uint8Array(WIDTH * HEIGHT);
    for (let i = 0; i < lights.length; i += 1) lights[i] = (data[4 * i] * 2 + data[4 * i + 1] * 5 + data[4 * i + 2]) >> 3;
    const average = lights.reduce((sum, light) => sum + light, 0) / lights.length;
    return { lights, isBlack: average < DARK && Math.max(...lights) < 4 * DARK };
  } catch {
    return null; // a picture of another origin may be shown, but not read
  }
}
function nextLook() {
  const playing = document.hidden ? [] : [...players.values()].filter((player) => player.source);
  const next = playing.reduce((first, player) => (first && first.lookedAt <= player.lookedAt ? first : player), null);
  if (next) {
    next.lookedAt = performance.now();
    look(next);
  }
  setTimeout(nextLook, LOOK_EVERY_MS / Math.max(1, playing.length));
}

// --- Sound: of one at a time ---
const showSound = (player, isOn) => {
  const button = player && find("[data-sound]", player.element.closest("[data-room]") ?? undefined);
  button?.setAttribute("aria-pressed", String(isOn));
};
function mute() {
  sounding?.source?.sound(false);
  sounding?.element.removeAttribute("data-sounding");
  showSound(sounding, false);
  sounding = null;
}
function sound(element) {
  const player = players.get(element);
  mute();
  if (!player?.source) return false;
  sounding = player;
  player.source.sound(true);
  player.element.dataset.sounding = "";
  showSound(player, true);
  return true;
}
export function toggleSound(holder) {
  const element = holder?.matches?.("[data-player]") ? holder : holder && find("[data-player]", holder);
  if (!element) return false;
  if (sounding?.element === element) {
    mute();
    return false;
  }
  return sound(element);
}

addEventListener("DOMContentLoaded", () => {
  findAll(document);
  new MutationObserver((changes) => {
    for (const { addedNodes, removedNodes } of changes) {
      for (const node of addedNodes) if (node.nodeType === Node.ELEMENT_NODE) findAll(node);
      if (removedNodes.length) settle();
    }
  }).observe(find("#main"), { childList: true, subtree: true });
  nextLook();
  setInterval(settle, LOOK_EVERY_MS); // what waited for its next try may have it
});
document.addEventListener("visibilitychange", settle);
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-sound]");
  if (button) toggleSound(button.closest("[data-room]"));
});
addEventListener("pagehide", () => { for (const player of players.values()) stop(player); });
