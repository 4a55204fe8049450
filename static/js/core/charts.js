// Charts: the value under the pointer and at the arrow keys, from the chart's own table (templates/monitor/_chart.html).
import { find, isMeant } from "./dom.js";

const PLOT = "[data-chart-plot]";
const NEAR = 1.5; // per cent of the width: a mark so near to the value is told with it
const rowsOf = (plot) => [...plot.closest("[data-chart]").querySelectorAll("tr[data-x]")];
const cellsOf = (row) => [...row.cells].map((cell) => cell.textContent.trim()).filter(Boolean);
let pointed = null; // the plot under the pointer

function show(plot, number) {
  const row = rowsOf(plot)[number];
  if (!row) return;
  const { x, y } = row.dataset;
  const cursor = find("[data-chart-cursor]", plot);
  cursor.setAttribute("x", `${x}%`);
  find("circle", cursor).setAttribute("cy", `${y}%`);
  const [time, value, highest] = cellsOf(row);
  const marks = [...plot.closest("[data-chart]").querySelectorAll("tr[data-mark]")]
    .filter(({ dataset }) => Math.abs(dataset.mark - x) < NEAR).map((mark) => cellsOf(mark).join(" "));
  const told = find("[data-chart-value]", plot);
  told.replaceChildren(...[`${time}  ${value}${highest ? ` (≤ ${highest})` : ""}`, ...marks].map((line) => {
    const element = document.createElement("span");
    element.textContent = line;
    return element;
  }));
  told.style.left = `${x}%`;
  told.classList.toggle("is-right", x > 50);
  plot.setAttribute("aria-valuenow", String(number + 1));
  plot.setAttribute("aria-valuetext", [`${value}, ${time}`, ...marks].join(". "));
  plot.dataset.shown = "";
}
function hide(plot) {
  if (plot && document.activeElement !== plot) delete plot.dataset.shown;
}
function nearest(plot, clientX) {
  const place = plot.getBoundingClientRect();
  const x = ((clientX - place.left) / place.width) * 100;
  const rows = rowsOf(plot);
  return rows.reduce((best, row, number) => (Math.abs(row.dataset.x - x) < Math.abs(rows[best].dataset.x - x) ? number : best), 0);
}

document.addEventListener("pointermove", ({ target, clientX }) => {
  const plot = target.closest?.(PLOT) ?? null;
  if (pointed !== plot) hide(pointed);
  pointed = plot;
  if (plot) show(plot, nearest(plot, clientX));
}, { passive: true });
document.documentElement.addEventListener("pointerleave", () => { hide(pointed); pointed = null; });
document.addEventListener("focusin", ({ target }) => {
  if (target.matches?.(PLOT)) show(target, target.getAttribute("aria-valuenow") - 1);
});
document.addEventListener("focusout", ({ target }) => { if (target.matches?.(PLOT) && target !== pointed) delete target.dataset.shown; });
document.addEventListener("keydown", (event) => {
  const plot = event.target.matches?.(PLOT) && !event.ctrlKey && !event.metaKey && !event.altKey ? event.target : null;
  const last = plot && rowsOf(plot).length - 1;
  const now = plot && plot.getAttribute("aria-valuenow") - 1;
  const ways = { ArrowLeft: now - 1, ArrowDown: now - 1, ArrowRight: now + 1, ArrowUp: now + 1, Home: 0, End: last, PageUp: now + 10, PageDown: now - 10 };
  if (!plot || !(event.key in ways)) return;
  event.preventDefault();
  show(plot, Math.max(0, Math.min(last, ways[event.key])));
});
// What is being read is not drawn anew by itself; another range was asked for.
document.body.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const isRead = [...detail.target.querySelectorAll(PLOT)].some((plot) => "shown" in plot.dataset)
    || detail.target.querySelector(".chart__table[open]");
  if (isRead && !isMeant(detail)) detail.shouldSwap = false;
});
