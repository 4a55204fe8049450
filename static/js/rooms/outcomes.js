// What became of the acts that were ordered here, told to ears: each state once, whether its row is still on the page or not.
import { announce } from "../core/announcer.js";
import { now } from "../core/clock.js";
import { find } from "../core/dom.js";
import { words } from "../core/words.js";

const ME = Number(words.person);
const LOOK_MS = 3000;
const FORGET_MS = 180_000; // an end is read back for a minute at most
const heard = new Map(); // act -> its last sentence
const ending = new Set(); // acts of which "ending" was said
// act -> {room, at}: those whose outcome is awaited, over the pages of one tab.
const awaited = new Map(JSON.parse(sessionStorage.getItem("awaited") || "[]"));

function keep() {
  sessionStorage.setItem("awaited", JSON.stringify([...awaited]));
}
const isAttended = (line) => Boolean(line.closest("article.room") || line.closest("[data-room]")?.contains(document.activeElement));

// isNew: the lines are news, and not a page or a list that was just opened.
function hear(root, { isNew }) {
  for (const line of root.querySelectorAll(".acts__line[data-action]")) {
    const { action, said, by, title } = line.dataset;
    if (heard.get(action) === said) continue;
    heard.set(action, said);
    const isMine = awaited.has(action);
    const isFailed = line.matches(".acts__line--failed");
    const isUnderWay = line.matches(".acts__line--calling");
    // An end is quick: between two looks it may be under way and over.
    if (isMine && line.dataset.verb === "end" && line.matches(".acts__line--calling, .acts__line--done")) sayEnding(action, title);
    if ((isMine || (isNew && isAttended(line))) && !(isUnderWay && ending.has(action))) {
      const who = Number(by) === ME ? "" : ` (${find("small", line)?.textContent ?? ""})`;
      announce(`${said}${who}.`, { urgent: isFailed });
    }
    if (isMine && !line.hasAttribute("hx-get")) awaited.delete(action);
    keep();
  }
}

document.body.addEventListener("acted", (event) => {
  const { room, action, said, title, toast, ending: isEnding } = event.detail;
  if (!action) return;
  if (toast) heard.set(String(action), said); // by the toast
  awaited.set(String(action), { room, at: Date.now() });
  keep();
  if (isEnding) sayEnding(String(action), title);
});
document.body.addEventListener("htmx:afterSwap", (event) => {
  const isLine = event.target.matches?.(".acts");
  if (isLine || event.target.querySelector?.(".acts__line")) hear(event.target, { isNew: isLine });
});

function sayEnding(action, title) {
  if (ending.has(action)) return;
  ending.add(action);
  announce(words.wordsEndingNow.replace("{room}", () => title));
}
// --- The grace is over: the server is about to end it ---
setInterval(() => {
  for (const chip of document.querySelectorAll(".drain[data-due]")) {
    const { action, title } = chip.closest("[data-action]").dataset;
    if (awaited.has(action) && chip.dataset.due <= now()) sayEnding(action, title);
  }
}, 500);

// --- Rows go: an end takes its row with it, a filter or another page takes many ---
async function look() {
  for (const [action, { room, at }] of awaited) {
    if (Date.now() - at > FORGET_MS) awaited.delete(action);
    else if (!find(`.acts__line[data-action="${action}"]`)) {
      try {
        const answer = await fetch(`/rooms/${room}/acts`, { headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(5000) });
        if (answer.ok && !answer.redirected) hear(new DOMParser().parseFromString(await answer.text(), "text/html"), { isNew: false });
      } catch { /* asked again; the bar of the connection says why */ }
    }
  }
  keep();
}
async function looking() {
  if (awaited.size) await look();
  setTimeout(looking, LOOK_MS);
}
hear(document, { isNew: false });
looking();
