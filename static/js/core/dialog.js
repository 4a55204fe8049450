// Dialogs and menus: forms that are fetched into the dialog, what closes them, and where the keyboard goes then.
import { find } from "./dom.js";

export const dialog = find("[data-dialog]");

document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-close]");
  if (closer?.closest("dialog")) {
    event.preventDefault();
    closer.closest("dialog").close();
  }
  if (event.target.closest("[data-help]")) find("[data-keys]").showModal();
});

// A page with a refused form begins at its first wrong field.
find("main [aria-invalid=true]")?.focus();

// A form that was fetched is shown; one that was refused stays open and says why.
document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "dialog") return;
  if (!dialog.open) dialog.showModal();
  const title = find("h2", dialog);
  if (title) title.id ||= "dialog-title";
  if (title) dialog.setAttribute("aria-labelledby", title.id);
  else dialog.removeAttribute("aria-labelledby");
  // Refused: on the first wrong field. Else on the reasons, so that a number key picks one; a text field would swallow it.
  (find("[aria-invalid=true]", dialog) ?? find("[name=policy]:checked, [name=policy]", dialog))?.focus();
});
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const isShown = [403, 404, 409, 422].includes(event.detail.xhr.status) && event.detail.target.id === "dialog";
  if (isShown) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
// The form's own answer, and not that of an action ordered before it was opened: somebody may be writing in it.
document.body.addEventListener("acted", (event) => {
  if (dialog.open && dialog.contains(event.target)) dialog.close();
});

// --- Menus: they close by Escape and by a press beside them ---
const MENUS = "details:is(.me, .views)[open]";
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(MENUS)) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && !event.isComposing && !find("dialog[open]") && find(MENUS);
  if (!menu) return;
  event.stopPropagation(); // it closes the menu, nothing else
  menu.open = false;
  find("summary", menu).focus();
}, true);

// --- The help sheet: the keyboard goes back to where it was; from nowhere it goes to the content ---
const sheet = find("[data-keys]");
sheet?.addEventListener("close", () => {
  if (document.activeElement !== document.body && !sheet.contains(document.activeElement)) return;
  const main = find("#main");
  main.tabIndex = -1;
  main.focus({ preventScroll: true });
});
