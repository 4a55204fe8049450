// Looks: a room counts as looked at when at least half of it has been on the screen of a visible tab for long enough.
// Who looked last and who is on a room now is drawn here too, as the server and the socket tell it.
"use strict";
(() => {
  const { words } = window.livewarden;
  const COUNTS_AFTER = Number(words.lookSeconds);
  const AGAIN_AFTER = Number(words.lookAgain); // seconds: who goes on looking is counted again
  const ME = Number(words.person);

  const inSight = new Map(); // element -> {pk, where, seconds, told}
  const seen = new Map(); // pk -> [Unix seconds, name]
  const here = new Map(); // pk -> [[person, name], ...]

  // --- What is on the screen ---
  const where = (element) => (element.matches(".tile") ? "wall" : element.matches(".room-row") ? "list" : "room");
  const sight = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting && target.isConnected) inSight.set(target, { pk: Number(target.dataset.room), where: where(target), seconds: 0, told: 0 });
      else inSight.delete(target);
    }
  }, { threshold: 0.5 });
  function observe() {
    sight.disconnect();
    const kept = new Set();
    for (const element of document.querySelectorAll(".room-row[data-room], .tile[data-room]")) {
      sight.observe(element);
      kept.add(element);
    }
    // A room's own page is taller than any screen: while it is open it is looked at.
    const page = document.querySelector("article.room[data-room]");
    if (page) {
      kept.add(page);
      if (!inSight.has(page)) inSight.set(page, { pk: Number(page.dataset.room), where: "room", seconds: 0, told: 0 });
    }
    for (const element of inSight.keys()) if (!kept.has(element)) inSight.delete(element);
  }
  function everySecond() {
    draw();
    if (document.hidden) {
      for (const look of inSight.values()) Object.assign(look, { seconds: 0, told: 0 });
      return;
    }
    const looks = [];
    for (const [element, look] of inSight) {
      if ("ended" in element.dataset) continue;
      look.seconds += 1;
      const due = look.told ? look.told + AGAIN_AFTER : COUNTS_AFTER;
      if (look.seconds < due) continue;
      look.told = look.seconds;
      looks.push([look.pk, look.seconds, look.where]);
    }
    if (looks.length && !window.livewarden.report(looks)) {
      for (const look of inSight.values()) look.told = 0; // no connection: told again when there is one
    }
  }

  // --- What is drawn ---
  function span(seconds) {
    if (seconds < 60) return words.wordsSeconds.replace("{n}", Math.max(0, Math.round(seconds)));
    if (seconds < 3600) return words.wordsMinutes.replace("{n}", Math.floor(seconds / 60));
    return words.wordsHours.replace("{n}", Math.floor(seconds / 3600));
  }
  function write(mark, text, title) {
    if (mark.textContent !== text) mark.textContent = text;
    if (mark.title !== title) mark.title = title;
  }
  function draw() {
    const now = window.livewarden.now();
    for (const mark of document.querySelectorAll("[data-room] [data-seen]")) {
      const look = seen.get(mark.closest("[data-room]").dataset.room);
      const text = look ? words.wordsSeen.replace("{who}", look[1]).replace("{span}", span(now - look[0])) : words.wordsUnseen;
      write(mark, text, text);
      mark.classList.toggle("is-unseen", !look);
    }
    for (const mark of document.querySelectorAll("[data-room] [data-here]")) {
      const others = (here.get(mark.closest("[data-room]").dataset.room) || []).filter(([person]) => person !== ME);
      const names = others.map(([, name]) => name).join(", ");
      write(mark, others.length ? words.wordsHere.replace("{n}", others.length) : "", names);
    }
  }
  function take(rooms, kept) {
    for (const [pk, ...what] of rooms) kept.set(String(pk), kept === here ? what[0] : what);
  }

  document.addEventListener("marks-told", (event) => {
    for (const [pk, look] of Object.entries(event.detail.seen)) seen.set(pk, look);
    here.clear();
    for (const [pk, people] of Object.entries(event.detail.here)) here.set(pk, people);
    draw();
  });
  document.addEventListener("seen-told", (event) => take(event.detail.rooms, seen));
  document.addEventListener("here-told", (event) => take(event.detail.rooms, here));
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.querySelector?.("[data-room]") || event.target.closest?.("#rooms, #wall")) observe();
  });
  window.livewarden.looks = { seenAt: (pk) => seen.get(String(pk))?.[0] || 0 };
  observe();
  setInterval(everySecond, 1000);
})();
