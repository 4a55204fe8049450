// Stills: small pictures of rooms that need no player. Renewed while the page is looked at; each says where it is from and how
// old it is. An image has data-still="<digest> <Unix seconds> <source> <state>", empty for the cover.
import { now } from "../core/clock.js";
import { words } from "../core/words.js";

const EVERY_MS = 10_000;
const MAX_ROOMS = 200;
const OLD_SECONDS = 120; // older than that is said on the picture, not only in its tooltip
const TROUBLES = new Set(["black", "frozen", "missing"]);

const images = (root = document) => [...root.querySelectorAll("img[data-still]")];
const roomOf = (image) => image.closest("[data-room]")?.dataset.room;

function span(seconds) {
  if (seconds < 60) return words.wordsSeconds.replace("{n}", Math.max(0, Math.floor(seconds)));
  if (seconds < 3600) return words.wordsMinutes.replace("{n}", Math.floor(seconds / 60));
  return words.wordsHours.replace("{n}", Math.floor(seconds / 3600));
}
const known = (image) => {
  const [digest, at, source, state] = image.dataset.still.split(" ");
  return { digest, source, state, age: now() - Number(at) };
};
// Where it is from, how old it is, and what is wrong with it.
function told(image) {
  if (!image.dataset.still) return words.stillCover;
  const { source, state, age } = known(image);
  const trouble = TROUBLES.has(state) ? [words[`still${state[0].toUpperCase()}${state.slice(1)}`]] : [];
  return [...trouble, words.stillAge.replace("{age}", span(age)).replace("{source}", words[`still${source[0].toUpperCase()}${source.slice(1)}`] ?? source)].join(", ");
}
// On the picture itself: always on a room's own page, else when there is something to say.
function label(image) {
  const place = image.parentElement.querySelector("[data-still-words]");
  if (!place) return;
  let text = "";
  if (image.dataset.still) {
    const { state, age } = known(image);
    if (image.closest(".stage") || TROUBLES.has(state) || age > OLD_SECONDS) text = told(image);
  }
  if (place.textContent !== text) place.textContent = text;
}

function renew(image, line) {
  if (line && line !== image.dataset.still) {
    const before = image.dataset.still && known(image).digest;
    image.dataset.still = line;
    const { digest } = known(image);
    // The one that is shown stays until the next is there.
    if (digest !== before) image.src = `/rooms/${roomOf(image)}/still?v=${digest}`;
  }
  label(image);
}
async function ask() {
  const shown = images().filter((image) => roomOf(image) && !image.closest("[data-ended]"));
  const rooms = [...new Set(shown.map(roomOf))].slice(0, MAX_ROOMS);
  if (document.hidden || !rooms.length) return;
  try {
    const answer = await fetch(`/stills?rooms=${rooms.join(",")}`, { signal: AbortSignal.timeout(5000) });
    if (!answer.ok || answer.redirected) return;
    const lines = await answer.json();
    for (const image of shown) renew(image, lines[roomOf(image)]);
  } catch { /* the bar of the connection says it already */ }
}

document.addEventListener("pointerover", ({ target }) => {
  const image = target.closest?.(".player, a")?.querySelector("img[data-still]");
  if (image) image.title = told(image);
});
// What was drawn with its cover gets its still at once.
function begin(root) {
  const drawn = images(root);
  drawn.forEach(label);
  if ("stills" in words && drawn.some((image) => !image.dataset.still)) ask();
}

document.body.addEventListener("htmx:afterSettle", ({ target }) => begin(target));
addEventListener("DOMContentLoaded", () => begin(document));
if ("stills" in words) {
  setInterval(ask, EVERY_MS);
  document.addEventListener("visibilitychange", ask);
}
