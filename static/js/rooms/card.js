// The card of an account, beside whatever link names it. The link's own address, the profile, stays one press away: with a
// modifier, from the card, and where there is no script.
import { fill, find } from "../core/dom.js";
import { toast } from "../core/toast.js";
import { words } from "../core/words.js";

const TIMEOUT_MS = 8000;
const GAP = 6;
const card = find("[data-card]");
let opener = null;
let asked = 0; // of two presses the later one is meant

function accountOf(link) {
  const { pathname, searchParams, origin } = new URL(link.href);
  if (origin !== location.origin) return "";
  if (pathname === "/users") return searchParams.get("account") ?? "";
  if (!pathname.startsWith("/users/")) return "";
  try {
    return decodeURIComponent(pathname.slice("/users/".length));
  } catch {
    return "";
  }
}
function place() {
  if (matchMedia("(max-width: 900px)").matches) {
    card.style.left = card.style.top = "";
    return; // a sheet at the lower edge: queue.css
  }
  const { left, top, bottom } = opener.getBoundingClientRect();
  const below = bottom + GAP;
  const fits = below + card.offsetHeight <= innerHeight - 8;
  card.style.left = `${Math.max(8, Math.min(left, innerWidth - card.offsetWidth - 8))}px`;
  card.style.top = `${fits ? below : Math.max(8, Math.min(top - card.offsetHeight - GAP, innerHeight - card.offsetHeight - 8))}px`;
}
async function open(link, account) {
  const mine = ++asked;
  const room = link.closest("[data-room]")?.dataset.room ?? find("article[data-room]")?.dataset.room ?? "";
  let html = "";
  try {
    const query = new URLSearchParams({ account, room });
    const answer = await fetch(`${card.dataset.address}?${query}`, { headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (answer.redirected) location.reload(); // logged out meanwhile
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    html = await answer.text();
  } catch {
    if (mine === asked) toast(words.wordsUnasked, { bad: true });
    return;
  }
  if (mine !== asked) return;
  opener = link;
  fill(card, html);
  if (!card.matches(":popover-open")) card.showPopover();
  place();
  find("h2", card)?.focus({ preventScroll: true });
}
function shut() {
  if (card.matches(":popover-open")) card.hidePopover();
}
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!card || !link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || link.closest("[data-card], dialog")) return;
  const account = find("bdi", link) && accountOf(link);
  if (!account) return;
  event.preventDefault();
  open(link, account);
});
card?.addEventListener("click", (event) => { if (event.target.closest("[data-shut]")) shut(); });
// What it opens lies over the page, not over the card; and the keyboard goes back there, to the link.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (card && event.detail.target.id === "dialog" && card.contains(event.detail.requestConfig?.elt)) shut();
});
card?.addEventListener("toggle", (event) => {
  if (event.newState === "open") return;
  const isLost = document.activeElement === document.body || card.contains(document.activeElement);
  if (isLost && opener?.isConnected) opener.focus({ preventScroll: true });
});
