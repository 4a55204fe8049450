// What people do: one-click End, dialogs, toasts, keys, theme. Pages work without it, in more steps.
"use strict";
(() => {
  const $ = (selector, from = document) => from.querySelector(selector);
  const cookie = (name, value) => { document.cookie = `${name}=${value};path=/;max-age=31536000;samesite=lax`; };
  const reason = $("[data-reason]");
  let waiting = null; // an End that was pressed before a reason was chosen
  if (reason) {
    reason.value = localStorage.getItem("reason") || "";
    reason.addEventListener("change", () => { localStorage.setItem("reason", reason.value); if (waiting && reason.value) { end(waiting); waiting = null; } });
  }
  function toast(text, {undo = "", bad = false} = {}) {
    const holder = $("[data-toasts]"), line = document.createElement("div");
    line.className = "toast" + (bad ? " toast--bad" : "");
    line.append(text);
    if (undo) {
      const button = document.createElement("button");
      button.className = "button"; button.textContent = holder.dataset.undo;
      button.onclick = () => { htmx.ajax("POST", undo, {swap: "none"}); line.remove(); };
      line.append(button);
    }
    holder.append(line);
    while (holder.children.length > 4) holder.firstChild.remove();
    setTimeout(() => line.remove(), 10000);
  }
  function end(link) {
    if (!reason || !reason.value) { waiting = link; if (reason) { reason.focus(); reason.showPicker && reason.showPicker(); } return; }
    link.dataset.key = link.dataset.key || crypto.randomUUID();
    htmx.ajax("POST", link.dataset.end, {swap: "none", source: link, values: {policy: reason.value, key: link.dataset.key}});
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-end]");
    if (link && !event.ctrlKey && !event.metaKey) { event.preventDefault(); end(link); }
    if (event.target.closest("[data-close]")) $("[data-dialog]").close();
    if (event.target.closest("[data-theme-toggle]")) theme();
    if (event.target.closest("[data-help]")) $("[data-keys]").showModal();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-retry]");
    if (!form) return;
    event.preventDefault();
    htmx.ajax("POST", form.getAttribute("action"), {swap: "none", source: form, values: {key: crypto.randomUUID()}});
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "dialog") return;
    const dialog = $("[data-dialog]");
    const first = reason && $(`#dialog [name=policy][value="${CSS.escape(reason.value)}"]`);
    if (first) first.checked = true;
    if (!dialog.open) dialog.showModal();
  });
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if ([403, 409, 422].includes(event.detail.xhr.status) && event.detail.target.id === "dialog") event.detail.shouldSwap = true;
  });
  document.body.addEventListener("htmx:responseError", (event) => {
    const text = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html").querySelector(".error");
    toast(text ? text.textContent : $("[data-toasts]").dataset.failed, {bad: true});
  });
  document.body.addEventListener("htmx:sendError", () => toast($("[data-toasts]").dataset.failed, {bad: true}));
  document.body.addEventListener("acted", (event) => {
    $("[data-dialog]").close();
    for (const shown of document.querySelectorAll(".toast button")) shown.remove();
    const line = document.getElementById("acts-" + event.detail.room);
    if (line) htmx.trigger(line, "act");
  });
  document.body.addEventListener("toast", (event) => toast(event.detail.text, {undo: event.detail.undo}));
  function theme() {
    const root = document.documentElement, dark = getComputedStyle(root).colorScheme === "dark";
    root.dataset.theme = dark ? "light" : "dark";
    cookie("theme", root.dataset.theme);
  }
  // --- Keys ---
  const off = $("[data-keys-off]");
  if (off) { off.checked = localStorage.getItem("keys") === "off"; off.addEventListener("change", () => localStorage.setItem("keys", off.checked ? "off" : "on")); }
  const rows = () => [...document.querySelectorAll(".room-row")];
  const current = () => document.activeElement.closest("[data-room]") || $("article[data-room]");
  const press = (name) => { const row = current(), button = row && $(`[data-act="${name}"]`, row); if (button) button.click(); return !!button; };
  let go = 0;
  const keys = {
    j: () => step(1), k: () => step(-1), w: () => press("w"), b: () => press("b"), u: () => press("u"),
    e: () => press("now") || press("e"), t: theme, r: () => { const chip = $("[data-changes]"); if (chip) chip.click(); },
    "/": () => $("[data-search]").focus(), "?": () => $("[data-keys]").showModal(), g: () => { go = Date.now(); },
    Enter: () => { const link = document.activeElement.matches(".room-row") && $("a", document.activeElement); if (link) link.click(); },
  };
  function step(by) {
    const all = rows(), at = all.indexOf(current());
    const row = all[Math.max(0, Math.min(all.length - 1, at + by))];
    if (row) { row.focus(); row.scrollIntoView({block: "nearest"}); }
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !$("[data-keys]") || (off && off.checked)) return;
    const typing = event.target.closest("input:not([type=radio]), textarea, select");
    if (typing) return;
    const dialog = $("dialog[open]");
    if (/^[1-9]$/.test(event.key)) {
      const option = reason && $(`option[data-key="${event.key}"]`, reason);
      if (dialog) { const all = dialog.querySelectorAll("[name=policy]"); if (all[event.key - 1]) all[event.key - 1].click(); }
      else if (option) { reason.value = option.value; reason.dispatchEvent(new Event("change")); }
      return;
    }
    if (dialog) return;
    if (go && Date.now() - go < 1500) { const link = $(`[data-go="${event.key}"]`); go = 0; if (link) { link.click(); return; } }
    if (keys[event.key]) { if (event.key !== "Enter") event.preventDefault(); keys[event.key](); }
  });
})();
