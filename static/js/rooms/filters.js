// The filters of list and wall: they follow the address, which the heads of the list change too; the menu of columns.
import { find } from "../core/dom.js";

function follow() {
  const asked = new URLSearchParams(location.search);
  const sort = find("#filter-sort");
  if (!sort) return;
  sort.value = asked.get("sort") ?? sort.options[0].value;
  find("#filter-reverse").checked = asked.get("reverse") === "1";
}
document.body.addEventListener("htmx:pushedIntoHistory", follow);

// Another sort begins with its own direction. Before htmx reads the form.
document.addEventListener("change", ({ target }) => {
  if (target.matches("#filter-sort")) find("#filter-reverse").checked = false;
}, true);

document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-column]")) return;
  const menu = target.closest("[data-columns]");
  const names = [...menu.querySelectorAll("[data-column]:checked")].map((box) => box.dataset.column).join(",");
  if (!names) target.checked = true; // a list of nothing but names is nobody's wish
  else {
    const field = find("#filters [name=columns]");
    field.value = find("[name=columns]", menu).value = names;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
});
