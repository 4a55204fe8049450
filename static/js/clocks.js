// Clocks that run down on rows and room pages: when a time limit is over, how long a host has been gone.
"use strict";
(() => {
  const { words } = window.livewarden;
  const clocks = new Map(); // pk -> {until, gone, grace}; Unix seconds, 0: none
  const SOON = 300; // seconds before a limit ends: the host is warned

  const two = (n) => String(n).padStart(2, "0");
  function span(seconds) {
    const whole = Math.max(0, Math.round(seconds));
    const hours = Math.floor(whole / 3600);
    const minutes = Math.floor((whole % 3600) / 60);
    return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
  }
  function gone(text, since, grace, now) {
    return text.replace("{n}", span(Math.min(now - since, grace))).replace("{m}", span(grace));
  }
  function left(until, now) {
    return until > now ? words.wordsLeft.replace("{n}", span(until - now)) : words.wordsOver;
  }

  document.addEventListener("marks-told", (event) => {
    clocks.clear();
    for (const [pk, clock] of Object.entries(event.detail.clocks)) clocks.set(pk, clock);
    draw();
  });

  function draw() {
    const now = window.livewarden.now();
    for (const mark of document.querySelectorAll("[data-room] [data-clock]")) {
      const clock = clocks.get(mark.closest("[data-room]").dataset.room);
      const text = !clock ? "" : clock.gone ? gone(words.wordsGone, clock.gone, clock.grace, now) : left(clock.until, now);
      if (mark.textContent !== text) mark.textContent = text;
      mark.classList.toggle("is-soon", Boolean(clock && (clock.gone || clock.until - now < SOON)));
    }
    for (const mark of document.querySelectorAll("[data-gone]")) {
      mark.textContent = gone(mark.dataset.text, Number(mark.dataset.gone), Number(mark.dataset.grace), now);
    }
    for (const mark of document.querySelectorAll("[data-until]")) mark.textContent = left(Number(mark.dataset.until), now);
    for (const bar of document.querySelectorAll("[data-fill]")) bar.value = now - Number(bar.dataset.fill);
    for (const bar of document.querySelectorAll("[data-drain]")) {
      const from = Number(bar.dataset.from);
      const until = Number(bar.dataset.drain);
      bar.value = until > from ? Math.max(0, Math.min(1, (until - now) / (until - from))) : 0;
    }
  }

  // Another name than what the card hears: that one comes up to the document too.
  document.addEventListener("clock-told", (event) => {
    const { room, clock } = event.detail;
    if (clock.until || clock.gone) clocks.set(String(room), clock);
    else clocks.delete(String(room));
    const card = document.querySelector(`[data-room="${room}"] [data-life]`);
    if (card) htmx.trigger(card, "clock");
    draw();
  });
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.matches?.("[data-life]")) draw();
  });
  setInterval(draw, 1000);
})();
