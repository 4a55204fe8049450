// Requests that fail. What a person started is said in words, whatever its verb; a part of the page that was to fill itself says
// so in its own place; what refreshes itself keeps what it showed, marked as old.
import { ajax, isMeant } from "./dom.js";
import { toast } from "./toast.js";
import { words } from "./words.js";

// Written by live/socket.js: whether the connection is lost.
export const connection = { isLost: false };

// Of a POST without an answer nobody knows whether it was done; the same form or button counts once, however often it is sent.
const withoutAnswer = (verb) => (verb === "get" ? words.wordsUnasked : words.wordsUnsure);
function refusal(xhr) {
  const said = new DOMParser().parseFromString(xhr.responseText, "text/html").querySelector("[data-words]");
  return said?.textContent ?? (xhr.status < 500 ? words.wordsRefused : words.wordsBroken).replace("{n}", xhr.status);
}

// A part that has never come must not say for ever that it is on its way.
const filled = new WeakSet();
function showMissing(part) {
  const line = document.createElement("p");
  line.className = "warn";
  line.dataset.missing = "";
  line.append(`${words.wordsPart} `);
  const again = document.createElement("button");
  again.className = "button";
  again.type = "button";
  again.textContent = words.wordsAgain;
  again.addEventListener("click", () => ajax("GET", part.getAttribute("hx-get"), { source: again, target: part, swap: part.getAttribute("hx-swap") ?? "innerHTML" }));
  line.append(again);
  part.replaceChildren(line);
}
function failed({ detail }, text) {
  const part = detail.requestConfig.elt;
  if (isMeant(detail)) toast(text, { bad: true });
  else if (/\bload\b/.test(part.getAttribute("hx-trigger")) && !filled.has(part) && !part.matches("header *")) showMissing(part);
  else part.toggleAttribute("data-old", true); // see [data-old] in base.css; the next answer takes it away
}
document.body.addEventListener("htmx:responseError", (event) => failed(event, refusal(event.detail.xhr)));
for (const failure of ["htmx:sendError", "htmx:timeout"]) {
  document.body.addEventListener(failure, (event) => failed(event, withoutAnswer(event.detail.requestConfig.verb)));
}
document.body.addEventListener("htmx:afterSwap", (event) => {
  const part = event.detail.requestConfig?.elt;
  if (!part) return;
  filled.add(part);
  filled.add(event.target);
  part.removeAttribute("data-old");
});
// Logged out meanwhile: the log-in page is no part of any other.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (!xhr.responseURL || new URL(xhr.responseURL).pathname !== "/login") return;
  event.detail.shouldSwap = false;
  location.reload();
});

// --- Leaving the page while nothing answers would leave it for the browser's own error page, and lose what stands here ---
const CHECK_MS = 3000;
export async function leave(go) {
  try {
    await fetch("/healthz", { signal: AbortSignal.timeout(CHECK_MS), cache: "no-store" });
  } catch {
    toast(words.wordsUnasked, { bad: true });
    return;
  }
  go();
}
// On the window, after everybody who takes a press for something else.
addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!connection.isLost || event.defaultPrevented || !link || link.origin !== location.origin || event.ctrlKey || event.metaKey || link.target || link.hasAttribute("download")) return;
  if (link.hash && link.pathname === location.pathname) return;
  event.preventDefault();
  leave(() => location.assign(link.href));
});
const checked = new WeakSet();
addEventListener("submit", (event) => {
  const form = event.target;
  if (!connection.isLost || event.defaultPrevented || form.method === "dialog" || checked.delete(form)) return;
  event.preventDefault();
  leave(() => {
    checked.add(form);
    form.requestSubmit(event.submitter);
  });
});
