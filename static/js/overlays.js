// What lies over the page: menus that close by Escape and by a press beside them, the help sheet, toasts that cover no act.
"use strict";
(() => {
  const { find } = window.livewarden;

  // --- Menus ---
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

  // --- Toasts: in the first corner where they cover no End and nothing that closes an alert, and few other acts ---
  const CORNERS = ["bottom-left", "bottom-right", "top-right", "top-left"];
  const FINAL = ".act--danger, .button--danger, [name=outcome]";
  const holder = find("[data-toasts]");
  const isUsed = () => holder.matches(":hover, :focus-within"); // never moved from under a hand
  function cover({ left, right, top, bottom }) {
    let sum = 0;
    for (const act of document.querySelectorAll(`.act, .selection button, ${FINAL}`)) {
      const box = act.getBoundingClientRect();
      if (!box.width || box.left >= right || box.right <= left || box.top >= bottom || box.bottom <= top) continue;
      // What lies under the bar on top already is not covered by the toast.
      const seen = document.elementsFromPoint(box.left + box.width / 2, box.top + box.height / 2).find((one) => !holder.contains(one));
      if (act.contains(seen)) sum += act.matches(FINAL) ? 100 : 1;
    }
    return sum;
  }
  function place() {
    if (!holder.childElementCount || isUsed()) return;
    let least = Infinity, best = CORNERS[0];
    for (const corner of CORNERS) {
      holder.dataset.corner = corner;
      const covered = cover(holder.getBoundingClientRect());
      if (covered < least) [least, best] = [covered, corner];
      if (!covered) break;
    }
    holder.dataset.corner = best;
  }
  if (holder) new MutationObserver(place).observe(holder, { childList: true });
  document.addEventListener("scrollend", place);
  addEventListener("resize", place);
})();
