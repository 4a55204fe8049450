// Patches pushed figures into text nodes that were found once, and tells the truth about their age and the connection.
"use strict";
(() => {
  const WATCHED_SECONDS = 3, POLL_AFTER = 15000, words = document.body.dataset;
  const cells = new Map(); // pk -> {field: {cell, text}}
  const times = {o: "oa", r: "ra"};
  let socket = null, wait = 500, lostAt = 0, poller = 0, changes = 0;
  const number = new Intl.NumberFormat("en-US");
  const clock = (ms) => new Date(ms).toLocaleTimeString();

  function collect() {
    cells.clear();
    for (const row of document.querySelectorAll("[data-room]")) {
      const fields = cells.get(+row.dataset.room) || {row, at: {}};
      for (const cell of row.querySelectorAll("[data-f]")) fields[cell.dataset.f] = {cell, node: cell.querySelector("[data-v]").firstChild};
      cells.set(+row.dataset.room, fields);
    }
    say();
    showChanges();
  }
  function say() {
    if (socket && socket.readyState === 1) socket.send(JSON.stringify({watch: [...cells.keys()].slice(0, 200), visible: !document.hidden}));
  }
  function patch(flat) {
    const known = cells.get(flat[0]);
    if (!known) return;
    for (let i = 1; i < flat.length; i += 2) {
      const [name, value] = [flat[i], flat[i + 1]];
      if (name === "e" && value) known.row.dataset.ended = "";
      if (name === "oa") known.o && (known.o.cell.dataset.at = value);
      if (name === "ra") known.r && (known.r.cell.dataset.at = value);
      const found = known[name];
      if (!found || !found.node || value === null) continue;
      const text = number.format(value);
      if (found.node.data === text) continue;
      const before = +found.node.data.replace(/,/g, "");
      found.node.data = text;
      found.cell.classList.toggle("is-up", value > before);
      found.cell.classList.toggle("is-down", value < before);
    }
  }
  function showChanges() {
    const holder = document.querySelector("[data-changes-at]"), chip = document.querySelector("[data-changes]");
    if (!holder || !chip) return;
    const n = changes - +holder.dataset.changesAt;
    chip.hidden = !(changes && n > 0);
    chip.textContent = words.wordsChanges.replace("{n}", n);
  }
  function vendor(state) {
    const bar = document.querySelector("[data-bar=vendor]");
    if (!state || !bar) return;
    bar.hidden = state.ok;
    if (!state.ok) bar.textContent = "▲ " + words.wordsVendor.replace("{time}", clock(state.since * 1000)).replace("{text}", state.text);
  }
  function take(frame) {
    if (frame.k === "act") { const line = document.getElementById("acts-" + frame.room); if (line) htmx.trigger(line, "act"); return; }
    if (frame.k !== "tick" && frame.k !== "snapshot") return;
    for (const flat of frame.rooms) patch(flat);
    if (frame.changes !== undefined && frame.changes !== null) changes = frame.changes;
    vendor(frame.vendor);
    showChanges();
  }
  function found() {
    lostAt = 0; wait = 500; clearInterval(poller); poller = 0;
    document.querySelector("[data-bar=connection]").hidden = true;
    document.title = document.title.replace(/^▲ /, "");
  }
  function lost() {
    socket = null;
    if (!lostAt) {
      lostAt = Date.now();
      const bar = document.querySelector("[data-bar=connection]");
      bar.textContent = "▲ " + words.wordsLost.replace("{time}", clock(lostAt));
      bar.hidden = false;
      document.title = "▲ " + document.title;
      setTimeout(() => { if (lostAt && !poller) poller = setInterval(poll, 5000); }, POLL_AFTER);
    }
    setTimeout(open, wait * (0.5 + Math.random() / 2));
    wait = Math.min(10000, wait * 2);
  }
  async function poll() {
    try {
      const answer = await fetch("/live?rooms=" + [...cells.keys()].slice(0, 200).join(","));
      if (answer.redirected) location.reload();
      else if (answer.ok) take(await answer.json());
    } catch { /* the bar says it already */ }
  }
  function open() {
    const opened = new WebSocket((location.protocol === "https:" ? "wss://" : "ws://") + location.host + "/ws/live");
    opened.onopen = () => { socket = opened; say(); };
    opened.onmessage = (message) => { const frame = JSON.parse(message.data); if (lostAt && frame.rooms) found(); take(frame); };
    opened.onclose = (event) => { if (event.code === 4401) location.reload(); else lost(); };
  }
  function age() {
    const now = Date.now() / 1000;
    for (const cell of document.querySelectorAll(".is-up, .is-down")) cell.classList.remove("is-up", "is-down");
    for (const fields of cells.values()) for (const name of Object.keys(times)) {
      const cell = fields[name] && fields[name].cell;
      if (!cell || !cell.dataset.at || "ended" in fields.row.dataset) continue;
      const old = now - cell.dataset.at, late = old > 10 * WATCHED_SECONDS;
      const stale = old > 40 * WATCHED_SECONDS;
      cell.classList.toggle("is-late", late && !stale);
      cell.classList.toggle("is-stale", stale);
      if (late) cell.dataset.age = stale ? clock(cell.dataset.at * 1000) : Math.round(old) + " s"; else delete cell.dataset.age;
    }
  }
  collect(); open(); setInterval(age, 1000);
  document.body.addEventListener("htmx:afterSettle", collect);
  document.addEventListener("visibilitychange", say);
})();
