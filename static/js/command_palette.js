// The command palette: opened by Ctrl-K or /, asks while one types, goes with one Enter.
import { announce } from "./core/announcer.js";
import { find } from "./core/dom.js";
import { connection, leave } from "./core/failures.js";
import { toggleTheme } from "./core/page.js";
import { words } from "./core/words.js";
import { addKeys, meaning } from "./keys.js";

const box = find("[data-omnibox]");
const form = find("[data-omnibox-form]");
const field = find("input", form);
const lines = find("#omnibox-lines");
const WAIT_MS = 90;
let timer = 0;
let asking = null; // the request under way
let shown = null; // for which text the lines are
let isWanted = false; // Enter was pressed before they came

const options = () => [...lines.querySelectorAll("[role=option]:not([aria-disabled])")];
const chosen = () => find("[aria-selected=true]", lines);

async function ask() {
  const text = field.value;
  asking?.abort();
  const mine = asking = new AbortController();
  const stop = setTimeout(() => mine.abort(), 5000);
  try {
    const answer = await fetch(`${field.dataset.lines}?q=${encodeURIComponent(text)}`, { signal: mine.signal });
    if (answer.redirected) location.reload(); // logged out meanwhile
    if (!answer.ok) throw new Error(String(answer.status));
    lines.innerHTML = await answer.text();
    shown = text;
    mark(chosen());
    if (isWanted && shown === field.value) go(chosen());
  } catch {
    if (mine === asking && box.open) showFailure(); // a newer one took its place otherwise; the next letter asks again
  } finally {
    clearTimeout(stop);
  }
}
function showFailure() {
  const line = document.createElement("li");
  line.className = "warn";
  line.setAttribute("role", "option");
  line.setAttribute("aria-disabled", "true");
  line.textContent = words.wordsUnasked;
  lines.replaceChildren(line);
  shown = null;
  isWanted = false;
  announce(words.wordsUnasked, { urgent: true });
}
function mark(option) {
  for (const one of options()) one.setAttribute("aria-selected", String(one === option));
  field.setAttribute("aria-activedescendant", option?.id || "");
  option?.scrollIntoView({ block: "nearest" });
}
function step(by) {
  const all = options();
  if (all.length) mark(all[(all.indexOf(chosen()) + by + all.length) % all.length]);
}

const commands = {
  theme: toggleTheme,
  keys: () => find("[data-keys]").showModal(),
  "log-out": () => find(".me form").requestSubmit(),
};
function go(option) {
  isWanted = false;
  if (!option) return;
  const { address, command } = option.dataset;
  box.close();
  if (command) commands[command]();
  else if (connection.isLost) leave(() => location.assign(address));
  else location.assign(address);
}

function open(text = "") {
  if (box.open) return;
  field.value = text;
  shown = null;
  isWanted = false;
  lines.replaceChildren();
  box.showModal();
  field.focus();
  ask();
}

field.addEventListener("input", () => {
  isWanted = false;
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT_MS);
});
field.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return; // the keys are the input method's
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1);
  }
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (shown === field.value) go(chosen());
  else {
    isWanted = true;
    clearTimeout(timer);
    ask();
  }
});
lines.addEventListener("click", (event) => go(event.target.closest("[role=option]:not([aria-disabled])")));
box.addEventListener("click", (event) => { if (event.target === box) box.close(); });

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && ["k", "K"].includes(meaning(event))) {
    event.preventDefault();
    open();
  }
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-open-omnibox]")) {
    event.preventDefault();
    open();
  }
});
addKeys({ "/": () => open() });
