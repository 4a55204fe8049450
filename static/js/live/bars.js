// Bars on top of the page: what is not so must be said at once, and unsaid only by figures.
import { announce, showInTitle } from "../core/announcer.js";
import { now, time } from "../core/clock.js";
import { find } from "../core/dom.js";
import { words } from "../core/words.js";

const favicon = find("[data-favicon]");
const clock = (seconds) => time(seconds * 1000);
// The time of day at a moment of performance.now().
const when = (at) => clock(now() - (performance.now() - at) / 1000);

function bar(name, text) {
  const line = find(`[data-bar=${name}]`);
  const shown = find("[data-bar-text]", line);
  if (text && (line.hidden || shown.textContent !== text)) announce(text, { urgent: true });
  line.hidden = !text;
  if (text && shown.textContent !== text) shown.textContent = text;
}
export function showVendor(state) {
  const text = words.wordsVendor.replace("{time}", clock(state.since)).replace("{text}", state.text);
  bar("vendor", state.ok ? "" : text);
}
// Frames come, but none of the collector's. since: of performance.now(); 0: they come.
export function showSilent(since) {
  bar("silent", since ? words.wordsSilent.replace("{time}", when(since)) : "");
}
export function showLost(heardAt) {
  bar("connection", words.wordsLost.replace("{time}", when(heardAt)));
  bar("silent", "");
  showInTitle({ isLost: true });
  favicon.dataset.fine = favicon.href;
  favicon.href = favicon.dataset.lost;
}
export function showFound() {
  bar("connection", "");
  showInTitle({ isLost: false });
  announce(words.wordsFound);
  favicon.href = favicon.dataset.fine;
}
