// Single keys. Ignored while typing and with Ctrl, Alt or Meta; can be switched off (WCAG 2.1.4).
"use strict";
(() => {
  const { find, dialog, toggleTheme, pickByKey } = window.livewarden;
  const off = find("[data-keys-off]");
  const GO_MS = 1500;
  let wentAt = 0;

  off.checked = localStorage.getItem("keys") === "off";
  off.addEventListener("change", () => localStorage.setItem("keys", off.checked ? "off" : "on"));

  const current = () => document.activeElement.closest("[data-room]") || find("article[data-room]");
  function press(name) {
    const button = find(`[data-act="${name}"]`, current() || undefined);
    if (!current() || !button) return false;
    button.click();
    return true;
  }
  function step(by) {
    const rows = [...document.querySelectorAll(".room-row")];
    const at = rows.indexOf(current());
    const row = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  }
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    w: () => press("w"),
    b: () => press("b"),
    q: () => press("q"),
    u: () => press("u"),
    e: () => press("now") || press("e"),
    r: () => find("[data-changes]:not([hidden])")?.click(),
    t: toggleTheme,
    g: () => { wentAt = Date.now(); },
    "/": () => find("[data-search]").focus(),
    "?": () => find("[data-keys]").showModal(),
    Enter: () => find("a", document.activeElement.closest(".room-row") || undefined)?.click(),
  };

  function inDialog(event) {
    const option = find(`[data-key="${event.key}"] [name=policy]`, dialog);
    if (dialog.open && option) option.click();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || off.checked) return;
    if (event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const open = find("dialog[open]");
    if (/^[1-9]$/.test(event.key)) {
      if (open === dialog) inDialog(event);
      else pickByKey(event.key);
      return;
    }
    if (open) return;
    if (Date.now() - wentAt < GO_MS) {
      wentAt = 0;
      const link = find(`[data-go="${CSS.escape(event.key)}"]`);
      if (link) {
        link.click();
        return;
      }
    }
    // Enter on a link or a button is theirs; on a row it opens the room.
    if (event.key === "Enter" && !document.activeElement.matches(".room-row")) return;
    if (Object.hasOwn(keys, event.key)) {
      event.preventDefault();
      keys[event.key]();
    }
  });
})();
