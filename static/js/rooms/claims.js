// Among colleagues: who takes care of a room, notes, calling a supervisor.
import { ajax, find } from "../core/dom.js";
import { toast } from "../core/toast.js";
import { words } from "../core/words.js";
import { onFrame } from "../live/socket.js";
import { onBadges } from "./badges.js";
import { select, selectTo } from "./selection.js";

const ME = Number(words.person);
const AGAIN_MS = 6000;
const claims = new Map(); // pk -> {by, person, at}
let doubted = { pk: "", at: 0 }; // a colleague's room that was asked for once

function drawClaims() {
  for (const holder of document.querySelectorAll("[data-room]")) {
    const claim = claims.get(holder.dataset.room);
    const badge = find("[data-holder]", holder);
    const isMine = claim?.person === ME;
    holder.toggleAttribute("data-mine", Boolean(claim && isMine));
    holder.toggleAttribute("data-held", Boolean(claim && !isMine));
    find(".act[data-desk=c]", holder)?.setAttribute("aria-pressed", String(Boolean(isMine)));
    if (!badge) continue;
    badge.hidden = !claim;
    badge.textContent = claim ? (isMine ? words.wordsMine : claim.by) : "";
  }
}
function toggleClaim(pk) {
  const claim = claims.get(pk);
  const isOthers = claim && claim.person !== ME;
  if (isOthers && !(doubted.pk === pk && Date.now() - doubted.at < AGAIN_MS)) {
    doubted = { pk, at: Date.now() };
    const title = find(`[data-room="${pk}"] :is(.title, h1)`)?.textContent ?? "";
    toast(`${words.wordsTakeOver.replace("{who}", claim.by)} · \u2068${title}\u2069`);
    return;
  }
  const values = claim && !isOthers ? {} : { held: "1", ...(isOthers && { take_over: "1" }) };
  ajax("POST", `/rooms/${pk}/claim`, { swap: "none", source: document.body, values });
}
onBadges((badges) => {
  claims.clear();
  for (const [pk, claim] of Object.entries(badges.claims)) claims.set(pk, claim);
  drawClaims();
});
onFrame("claim", ({ room, claim }) => {
  if (claim) claims.set(String(room), claim);
  else claims.delete(String(room));
  drawClaims();
});

// --- What is pressed, by pointer or key ---
const commands = {
  c: toggleClaim,
  n: (pk) => ajax("GET", `/rooms/${pk}/note`, "#dialog"),
  "!": (pk) => ajax("GET", `/rooms/${pk}/escalate`, "#dialog"),
  x: select,
  X: selectTo,
};
export function press(name, element) {
  const pk = element?.closest?.("[data-room]")?.dataset.room;
  if (!pk || !words.canClaim) return false;
  commands[name](pk);
  return true;
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-desk]");
  if (button && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    press(button.dataset.desk, button);
  }
});
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.querySelector?.("[data-room]") || event.target.closest?.("#rooms, #wall")) drawClaims();
});
