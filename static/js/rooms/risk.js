// The risk of a room: its mark on rows and tiles, which says the sum and the terms under the pointer; the panel of a
// room's page is asked for anew. The order of a page stays as it was loaded: "n changes, press r".
import { find, trigger } from "../core/dom.js";
import { grouped, words } from "../core/words.js";
import { onFrame } from "../live/socket.js";
import { onBadges } from "./badges.js";

const LEVELS = [25, 60, 100]; // as moderation/attention/scoring.py has them
const risks = new Map(); // pk -> [score, [[term, points, number], ...]]
const NAMES = new Map(words.wordsRisks.split("|").map((entry) => entry.split("=")));

function line([term, points, number]) {
  const name = NAMES.get(term) || term;
  return `${points}  ${name.replace("{n}", grouped(number))}`;
}
function told([score, terms]) {
  const lines = [...terms].sort((one, other) => other[1] - one[1]).map(line);
  return [words.wordsRisk.replace("{n}", score), ...lines].join("\n");
}
function draw(only) {
  for (const mark of document.querySelectorAll("[data-room] [data-risk]")) {
    const pk = mark.closest("[data-room]").dataset.room;
    if (only && !only.has(pk)) continue;
    const risk = risks.get(pk);
    const text = risk ? String(risk[0]) : "";
    const title = risk ? told(risk) : "";
    if (mark.textContent !== text) mark.textContent = text;
    if (mark.title !== title) mark.title = title;
    mark.dataset.risk = risk ? LEVELS.filter((from) => risk[0] >= from).length : "";
  }
}

onBadges((badges) => {
  for (const [pk, risk] of Object.entries(badges.risk)) risks.set(pk, risk);
  draw();
});
onFrame("risk", ({ rooms }) => {
  for (const [pk, ...risk] of rooms) {
    risks.set(String(pk), risk);
    const panel = find(`[data-risk-panel="${pk}"]`);
    if (panel) trigger(panel, "risk");
  }
  draw(new Set(rooms.map(([pk]) => String(pk))));
});
