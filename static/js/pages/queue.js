// The queue as a workbench: keys, what a press on a row shows, and what follows when an alert is closed.
import { announce } from "../core/announcer.js";
import { dialog } from "../core/dialog.js";
import { find } from "../core/dom.js";
import { toast } from "../core/toast.js";
import { addKeys } from "../keys.js";
import { forget, panel, show, showAgain, shownCase } from "../queue/case.js";
import { all, bench, current, nextOpen, onChange, refreshSoon, reload, rowOf, setClosed, setCurrent } from "../queue/rows.js";
import "../wall/players.js";
import { anyPicked, closePicked, forgetPicked, pick, pickTo } from "../queue/selection.js";

// --- Acts: each closes the alert that it answers, unless the person has said otherwise ---
let closesWith = true;
document.body.addEventListener("htmx:configRequest", ({ detail }) => {
  const answers = detail.elt.closest?.("[data-answers]");
  if (answers && closesWith) detail.parameters.alert = answers.dataset.answers;
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-close-with]")) closesWith = event.target.checked;
});
document.body.addEventListener("htmx:afterSwap", () => {
  const box = find("[data-close-with]", panel);
  if (box) box.checked = closesWith;
});
// The second press of a double click was meant for the alert before.
document.addEventListener("click", (event) => {
  if (event.detail < 2 || !event.target.closest("[data-case] button")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

function press(name) {
  const button = find(`:is([data-act="${name}"], [data-desk="${name}"])`, shownCase() ?? document.createElement("i"));
  if (button) button.click();
  else toast(bench.dataset.wordsNotHere.replace("{key}", name));
}
function close(name, outcome) {
  if (anyPicked()) closePicked(outcome);
  else press(name);
}
function undo() {
  const button = find("[data-act=u]", shownCase() ?? document.createElement("i")) ?? [...document.querySelectorAll("[data-toasts] button[data-undo]")].at(-1);
  if (button) button.click();
  else toast(bench.dataset.wordsNotHere.replace("{key}", "u"));
}

// --- Moving ---
function step(by) {
  const rows = all();
  if (!rows.length) return;
  const at = rows.indexOf(document.activeElement.closest(".bench__row") ?? current());
  show(rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + by))]);
}
const here = () => document.activeElement.closest(".bench__row") ?? current();
const pressed = Object.fromEntries([..."wqebmocn!"].map((name) => [name, () => press(name)]));
addKeys({
  ...pressed,
  j: () => step(1),
  k: () => step(-1),
  h: () => close("h", "handled"),
  d: () => close("d", "dismissed"),
  u: undo,
  x: () => { if (here()) pick(here()); },
  X: () => { if (here()) pickTo(here()); },
  r: anew,
});
document.addEventListener("click", (event) => {
  const link = event.target.closest(".bench__row a[data-panel]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    show(link.closest(".bench__row"), { open: true });
  }
  if (event.target.closest("[data-back]")) {
    event.preventDefault();
    bench.removeAttribute("data-open");
    if (current()) find("a", current()).focus();
  }
  if (event.target.closest("[data-new]")) anew();
});

// --- What follows ---
document.body.addEventListener("closed", (event) => {
  const pks = event.detail.alerts.map(String);
  if (dialog.open && dialog.contains(event.target)) dialog.close();
  for (const pk of pks) {
    setClosed(pk);
    forget(pk);
  }
  forgetPicked(pks);
  refreshSoon();
  const row = current();
  if (!row || !pks.includes(row.dataset.alert)) return;
  const next = nextOpen(row);
  if (next) {
    show(next);
    return;
  }
  announce(bench.dataset.wordsLast);
  toast(bench.dataset.wordsLast);
  showAgain();
});
document.body.addEventListener("reopened", (event) => reopened([event.detail.alert]));
for (const news of ["alerts", "acted"]) document.body.addEventListener(news, () => refreshSoon());
function reopened(pks) {
  for (const pk of pks) {
    setClosed(pk, false);
    forget(pk);
  }
  refreshSoon();
  if (pks.map(String).includes(shownCase()?.dataset.alert)) showAgain();
}
// Somebody else has closed or opened it: said beside the list, unless a hand is on it.
onChange((row) => {
  forget(row.dataset.alert);
  if (row === current() && !dialog.open && !panel.contains(document.activeElement)) showAgain();
});

// The list anew; the alert beside it stays.
async function anew() {
  const pk = shownCase()?.dataset.alert;
  await reload();
  const row = pk && rowOf(pk);
  if (row) setCurrent(row);
  else if (all().length) show(all()[0]);
}
refreshSoon(10_000);
