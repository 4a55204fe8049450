// Single keys. Ignored while typing and with Ctrl, Alt or Meta; can be switched off (WCAG 2.1.4).
"use strict";
(() => {
  const { find, dialog, toggleTheme, pickByKey } = window.livewarden;
  const GO_MS = 1500;
  const PLACES = ".room-row, .tile";
  let wentAt = 0;

  const areOff = () => "keysOff" in document.documentElement.dataset;
  const current = () => document.activeElement.closest("[data-room]") || find("article.room[data-room]");
  function press(name) {
    const button = find(`[data-act="${name}"]`, current() || undefined);
    if (!current() || !button) return false;
    button.click();
    return true;
  }
  const desk = (name) => () => window.livewarden.desk.press(name, current());

  // --- Moving: rows are a column, tiles a grid ---
  function places() {
    return [...document.querySelectorAll(PLACES)];
  }
  function columns(all) {
    if (!all[0]?.matches(".tile")) return 1;
    const top = all[0].offsetTop;
    const next = all.findIndex((tile) => tile.offsetTop > top);
    return next < 1 ? all.length : next;
  }
  function step(by) {
    const all = places();
    const at = all.indexOf(document.activeElement.closest(PLACES));
    const place = all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + by))];
    place?.focus({ preventScroll: true });
    place?.scrollIntoView({ block: "nearest" });
  }
  const down = (by) => () => step(by * columns(places()));

  const keys = {
    j: down(1),
    k: down(-1),
    l: () => step(1),
    h: () => step(-1),
    w: () => press("w"),
    b: () => press("b"),
    q: () => press("q"),
    u: () => press("u"),
    e: () => press("now") || press("e"),
    c: desk("c"),
    n: desk("n"),
    x: desk("x"),
    "!": desk("!"),
    m: () => window.livewarden.players?.toggleSound(current()),
    f: () => window.livewarden.wall?.toggleFocusMode(),
    p: () => window.livewarden.wall?.pin(),
    " ": () => window.livewarden.tour?.togglePause(),
    r: () => find("[data-changes]:not([hidden])")?.click(),
    t: toggleTheme,
    g: () => { wentAt = Date.now(); },
    "/": () => window.livewarden.openOmnibox?.(),
    "?": () => find("[data-keys]").showModal(),
    Enter: () => find("a", document.activeElement.closest(PLACES) || undefined)?.click(),
    ArrowDown: down(1),
    ArrowUp: down(-1),
    ArrowRight: () => step(1),
    ArrowLeft: () => step(-1),
  };
  // These are the page's own unless a row or a tile has the keyboard.
  const ONLY_ON_PLACES = new Set(["Enter", "ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight"]);

  function inDialog(event) {
    const option = find(`[data-key="${event.key}"] [name=policy]`, dialog);
    if (dialog.open && option) option.click();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || areOff()) return;
    if (event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select")) {
      if (event.key === "Escape" && !find("dialog[open]")) event.target.blur();
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
    if (ONLY_ON_PLACES.has(event.key) && !document.activeElement.matches(PLACES)) return;
    if (event.key === " " && !(window.livewarden.tour && document.activeElement.matches(`body, ${PLACES}`))) return;
    if (Object.hasOwn(keys, event.key)) {
      event.preventDefault();
      keys[event.key]();
    }
  });
})();
