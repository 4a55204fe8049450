// What every page has: the theme, the rest of the navigation, fields that submit by themselves.
import { ajax, find } from "./dom.js";

export function toggleTheme() {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  root.dataset.theme = (root.dataset.theme || system) === "dark" ? "light" : "dark";
  document.cookie = `theme=${root.dataset.theme};path=/;max-age=31536000;samesite=lax`; // for the log-in page
  ajax("POST", "/preferences/theme", { swap: "none", values: { theme: root.dataset.theme } });
}
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-toggle]")) toggleTheme();
});

// The rest of the navigation opens under its button, inside the screen.
find("#more")?.addEventListener("toggle", (event) => {
  if (event.newState !== "open") return;
  const button = find(".nav__more").getBoundingClientRect();
  event.target.style.top = `${button.bottom + 4}px`;
  event.target.style.left = `${Math.max(8, Math.min(button.left, innerWidth - event.target.offsetWidth - 8))}px`;
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});
// A view is saved as it is at that moment, with whatever was filtered meanwhile.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-view-form]");
  if (form) form.elements.query.value = location.search.slice(1);
}, true);

// A half-composed word (Japanese, Chinese, Korean) is nobody's input yet: fields are heard when it is done.
document.addEventListener("input", (event) => { if (event.isComposing) event.stopImmediatePropagation(); }, true);
document.addEventListener("compositionend", (event) => {
  event.target.dispatchEvent(new Event("input", { bubbles: true }));
});
