// Patches pushed figures into text nodes that were found once, and tells the truth about their age and the connection.
"use strict";
(() => {
  const { find, words, announce, showInTitle } = window.livewarden;
  const WATCHED_SECONDS = Number(words.watchedInterval);
  const REST_SECONDS = Number(words.restInterval);
  const MEMBERS_SECONDS = 40; // the vendor renews its member lists about so often
  const LATE = 2; // older than so many intervals: dim, with its age
  const STALE = 5; // hatched, with the clock time
  const MOST_ROOMS = 200;
  const POLL_AFTER_MS = 15_000;
  const POLL_EVERY_MS = 5_000;
  const ASK_MS = 5_000; // no frame for so long: the socket is asked
  const DEAD_MS = 10_000; // and has not answered
  const ANSWER_MS = 2_500;
  const SILENT_MS = 15_000; // frames come, but none of the collector's
  const TOMBSTONE_MS = 10_000;
  const READ_AT = { oa: "o", ra: "r" };

  const rooms = new Map(); // pk -> {row, fields: {name: field}}
  const [beforeRate, afterRate] = words.wordsAMinute.split("{n}");
  const favicon = find("[data-favicon]");
  let socket = null;
  let watched = "";
  let wait = 500;
  let lostAt = 0;
  let poller = 0;
  let changes = 0;
  let away = null; // what was drawn while the store of figures was away
  let second = 0; // how often everySecond has run
  const MOST_SKEWS = 5;
  const skews = []; // the page's running time minus the server's clock, in ms, of the last frames: the least is the truest
  let heardAt = performance.now();
  let tickAt = performance.now();
  let asked = false;
  let retry = 0;
  let opening = null; // the newest socket, open or not
  let watchedAt = performance.now(); // since when the collector may know that these rooms are on a screen

  // What has passed is measured by performance.now(), which no setting of the computer's clock moves. After a sleep it may be
  // behind; with only the last frames remembered, that is forgotten as soon as they have come.
  const now = () => (skews.length ? performance.now() - Math.min(...skews) : Date.now()) / 1000;
  window.livewarden.now = now;
  const when = (at) => clock(now() - (performance.now() - at) / 1000);
  const clock = (seconds) => window.livewarden.time(seconds * 1000);

  // 1234567 -> "1,234,567". Intl.NumberFormat takes ten times as long, and a tick writes a thousand numbers.
  function grouped(value) {
    const digits = String(value);
    let first = digits.length % 3 || 3;
    let text = digits.slice(0, first);
    for (; first < digits.length; first += 3) text += `,${digits.slice(first, first + 3)}`;
    return text;
  }

  // --- The page's cells, found once ---
  function collect() {
    const known = new Map(rooms);
    rooms.clear();
    for (const row of document.querySelectorAll("[data-room]")) {
      const fields = {};
      const before = known.get(Number(row.dataset.room))?.fields ?? {};
      for (const cell of row.querySelectorAll("[data-f]")) {
        // A cell that was here already has been told of since; its attributes are those of when it was first drawn.
        const kept = before[cell.dataset.f];
        if (kept?.cell === cell && kept.text?.isConnected) {
          fields[cell.dataset.f] = kept;
          continue;
        }
        const change = cell.querySelector("[data-c]");
        fields[cell.dataset.f] = {
          cell,
          text: cell.querySelector("[data-v]").firstChild,
          // Its text node stays and gets other words: half the work of new ones, hundreds of times a second.
          change: change && (change.firstChild ?? change.appendChild(document.createTextNode(""))),
          said: change?.textContent, // reading it from the document costs as much as writing it
          value: parse(cell.querySelector("[data-v]").textContent),
          at: Number(cell.dataset.at) || 0,
          base: cell.dataset.base ? Number(cell.dataset.base) : null,
          baseAt: Number(cell.dataset.baseAt) || 0,
          age: "",
          mark: "",
          way: cell.dataset.moved ?? "",
          movedIn: second,
        };
      }
      rooms.set(Number(row.dataset.room), { row, fields });
    }
    away = find("[data-away]");
    say();
    showChanges();
  }
  // The server had no figures when it drew the page; now they come.
  function isBack() {
    away.removeAttribute("data-away");
    find("[data-figures-away]")?.remove();
    away = null;
  }
  function parse(text) {
    const digits = text.replace(/,/g, "");
    return /^\d+$/.test(digits) ? Number(digits) : null;
  }
  function say(looks = []) {
    if (socket?.readyState !== WebSocket.OPEN) return false;
    const watch = [...rooms.keys()].slice(0, MOST_ROOMS);
    const chat = Number(find("[data-chat]")?.dataset.chat) || 0;
    socket.send(JSON.stringify({ watch, visible: !document.hidden, chat, ...(looks.length && { looks }) }));
    if (watch.join() !== watched) {
      watched = watch.join();
      watchedAt = performance.now();
    }
    return true;
  }
  window.livewarden.report = say; // which rooms somebody looked at; false when there is no connection

  // --- A room's new figures: [pk, field, value, field, value, ...] ---
  function patch(flat) {
    const room = rooms.get(flat[0]);
    if (!room) return;
    for (let i = 1; i < flat.length; i += 2) {
      const name = flat[i];
      const value = flat[i + 1];
      if (name === "e") {
        // When it was told; a row that the server wrote as ended says nothing and stays.
        if (value && !("ended" in room.row.dataset)) room.row.dataset.ended = String(Math.round(performance.now()));
      } else if (name in READ_AT) {
        const field = room.fields[READ_AT[name]];
        if (field && value) field.at = value;
      } else if (name === "os") {
        if (room.fields.o) room.fields.o.cell.dataset.source = value;
      } else {
        const field = room.fields[name];
        if (field?.text && value !== null && value !== field.value) show(name, field, value);
      }
    }
    const reward = room.fields.r;
    if (reward?.change && reward.base !== null) showRate(reward);
  }
  function show(name, field, value) {
    field.text.data = grouped(value);
    if (field.value !== null && name !== "v") {
      showWay(field, value > field.value ? "up" : "down");
    }
    field.value = value;
    if (name === "o" && field.change && field.base !== null) {
      const difference = value - field.base;
      showChange(field, difference > 0 ? `+${grouped(difference)}` : difference < 0 ? `−${grouped(-difference)}` : "");
    }
  }
  // Which way it went, for a second or two. An attribute of its own costs half of what a class does; what goes on the
  // same way has it already.
  function showWay(field, way) {
    if (field.way !== way) field.cell.setAttribute("data-moved", way);
    field.way = way;
    field.movedIn = second;
  }
  function forgetWay(field) {
    if (!field.way || second - field.movedIn < 2) return;
    field.cell.removeAttribute("data-moved");
    field.way = "";
  }
  function showRate(field) {
    const minutes = (field.at - field.baseAt) / 60;
    const rate = minutes > 0.3 ? Math.round((field.value - field.base) / minutes) : 0;
    showChange(field, rate > 0 ? `${beforeRate}+${grouped(rate)}${afterRate}` : "");
  }
  function showChange(field, text) {
    if (field.said === text) return;
    field.said = text;
    field.change.data = text;
  }

  // --- Frames ---
  function take(frame) {
    if (frame.k === "act") {
      const line = document.getElementById(`acts-${frame.room}`);
      if (line) htmx.trigger(line, "act");
      return;
    }
    if (frame.k === "host") {
      const panel = find(`[data-host="${frame.room}"]`);
      if (panel) htmx.trigger(panel, "host");
      return;
    }
    if (frame.k === "chat") {
      window.livewarden.takeChat?.(frame);
      return;
    }
    if (["clock", "seen", "here", "claim"].includes(frame.k)) {
      document.dispatchEvent(new CustomEvent(`${frame.k}-told`, { detail: frame }));
      return;
    }
    if (frame.k === "alerts") htmx.trigger(document.body, "alerts");
    if (frame.k !== "tick" && frame.k !== "snapshot") return;
    if (frame.at) {
      skews.push(performance.now() - frame.at);
      if (skews.length > MOST_SKEWS) skews.shift();
    }
    if (frame.k === "tick") tickAt = performance.now();
    else window.livewarden.missedChat?.();
    for (const flat of frame.rooms) patch(flat);
    if (away && Number.isInteger(frame.changes)) isBack();
    if (Number.isInteger(frame.changes)) changes = frame.changes;
    if (frame.vendor) showVendor(frame.vendor);
    showChanges();
  }
  function showChanges() {
    const holder = find("[data-changes-at]");
    const chip = find("[data-changes]");
    if (!holder || !chip) return;
    if (!holder.dataset.changesAt) holder.dataset.changesAt = changes || "";
    const n = changes - Number(holder.dataset.changesAt);
    chip.hidden = !(changes && n > 0);
    chip.textContent = n === 1 ? words.wordsChange : words.wordsChanges.replace("{n}", n);
  }

  // --- Bars: what is not so must be said at once, and unsaid only by figures ---
  function bar(name, text) {
    const line = find(`[data-bar=${name}]`);
    const said = find("[data-bar-text]", line);
    if (text && (line.hidden || said.textContent !== text)) announce(text, { urgent: true });
    line.hidden = !text;
    if (text && said.textContent !== text) said.textContent = text;
  }
  function showVendor(state) {
    const text = words.wordsVendor.replace("{time}", clock(state.since)).replace("{text}", state.text);
    bar("vendor", state.ok ? "" : text);
  }
  function lost() {
    socket = null;
    window.livewarden.isLost = true;
    find(".strip")?.toggleAttribute("data-old", true); // it is not asked for again within the next seconds
    if (!lostAt) {
      lostAt = performance.now();
      bar("connection", words.wordsLost.replace("{time}", when(heardAt)));
      bar("silent", "");
      showInTitle({ isLost: true });
      favicon.dataset.fine = favicon.href;
      favicon.href = favicon.dataset.lost;
      setTimeout(() => { if (lostAt && !poller) poller = setInterval(poll, POLL_EVERY_MS); }, POLL_AFTER_MS);
    }
    retry = setTimeout(open, wait * (0.5 + Math.random() / 2));
    wait = Math.min(10_000, wait * 2);
  }
  function found() {
    lostAt = 0;
    window.livewarden.isLost = false;
    wait = 500;
    clearInterval(poller);
    poller = 0;
    tickAt = performance.now();
    bar("connection", "");
    showInTitle({ isLost: false });
    announce(words.wordsFound);
    htmx.trigger(document.body, "found");
    favicon.href = favicon.dataset.fine;
  }
  async function poll() {
    try {
      const answer = await fetch(`/live?rooms=${[...rooms.keys()].slice(0, MOST_ROOMS).join(",")}`, { signal: AbortSignal.timeout(POLL_EVERY_MS) });
      if (answer.redirected) location.reload();
      else if (answer.ok) take(await answer.json());
    } catch { /* the bar says it already */ }
  }

  // --- The socket ---
  function open() {
    const opened = opening = new WebSocket(`${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/ws/live`);
    opened.onopen = () => {
      socket = opened;
      heardAt = performance.now();
      asked = false;
      say();
    };
    opened.onmessage = (message) => {
      const frame = JSON.parse(message.data);
      heardAt = performance.now();
      asked = false;
      if (lostAt && frame.rooms) found();
      take(frame);
    };
    opened.onclose = (event) => {
      // The session is over, or the role was taken away: the page's own reload leads to the log-in or says so.
      if (event.code === 4401 || event.code === 4403) location.reload();
      else lost();
    };
  }
  function drop() {
    socket.onclose = null; // it may be minutes until the browser notices
    socket.close();
    lost();
  }
  // The browser says that the network has gone; with a console on the same machine that may mean nothing. Whether it does
  // is asked, and not waited for.
  addEventListener("offline", () => {
    const at = performance.now();
    asked = true;
    say();
    setTimeout(() => { if (socket && heardAt < at) drop(); }, ANSWER_MS);
  });
  addEventListener("online", () => {
    if (!lostAt) return;
    clearTimeout(retry);
    opening.onclose = null;
    opening.close();
    wait = 500;
    open();
  });
  // Silence has two causes. A socket that is alive answers a question with a snapshot: then it is the collector
  // that says nothing. One that does not answer is dead, whatever the browser believes.
  function listen() {
    if (lostAt || !socket || document.hidden) return;
    const silence = performance.now() - heardAt;
    if (silence > ASK_MS && !asked) {
      asked = true;
      say();
    } else if (silence > DEAD_MS) {
      drop();
      return;
    }
    const isSilent = performance.now() - tickAt > SILENT_MS;
    bar("silent", isSilent ? words.wordsSilent.replace("{time}", when(tickAt)) : "");
  }

  // --- Age: fresh figures look normal, older ones say how old they are ---
  function interval(name, field) {
    if (name === "o" && field.cell.dataset.source === "members") return MEMBERS_SECONDS;
    // Rooms that nobody looked at until now were read at the slower pace, as they should be.
    const isNew = performance.now() - watchedAt < LATE * WATCHED_SECONDS * 1000;
    return isNew ? Math.max(WATCHED_SECONDS, REST_SECONDS) : WATCHED_SECONDS;
  }
  function showAge(field, name, isEnded) {
    const old = field.at && !isEnded ? now() - field.at : 0;
    const many = old / interval(name, field);
    const mark = many > STALE ? "is-stale" : many > LATE ? "is-late" : "";
    const age = mark === "is-stale" ? window.livewarden.time(field.at * 1000, "short") : mark ? `${Math.round(old)} s` : "";
    if (mark !== field.mark) {
      if (field.mark) field.cell.classList.remove(field.mark);
      if (mark) field.cell.classList.add(mark);
      field.mark = mark;
    }
    if (age !== field.age) {
      if (age) field.cell.dataset.age = age;
      else delete field.cell.dataset.age;
      field.age = age;
    }
  }
  // --- Tombstones: a row whose room has ended stays for a while, and then goes where nobody is ---
  function bury() {
    let gone = 0;
    for (const { row } of rooms.values()) {
      const endedAt = Number(row.dataset.ended);
      if (!endedAt || performance.now() - endedAt < TOMBSTONE_MS || !row.matches(".room-row, .tile") || isNeeded(row)) continue;
      row.remove();
      gone += 1;
    }
    if (gone) collect();
  }
  // What is under the pointer, and a button that drains, must not move: nothing above them goes. Nor does what has the focus.
  function isNeeded(row) {
    const focused = document.activeElement;
    if (row.contains(focused) && focused !== window.livewarden.kept) return true;
    const still = document.querySelectorAll(":is(.room-row, .tile):is(:hover, :has(.drain))");
    return [...still].some((other) => other === row || row.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
  }
  function everySecond() {
    bury();
    second += 1;
    for (const { row, fields } of rooms.values()) {
      const isEnded = "ended" in row.dataset;
      for (const name of Object.values(READ_AT)) if (fields[name]) showAge(fields[name], name, isEnded);
      for (const field of Object.values(fields)) forgetWay(field);
    }
    listen();
  }

  collect();
  open();
  setInterval(everySecond, 1000);
  document.body.addEventListener("htmx:afterSettle", (event) => {
    // An act's own line holds no figures: finding every cell again for it would be work for nothing.
    if (event.target.querySelector?.("[data-f]") || event.target.closest?.("#rooms, #wall, [data-room] .figure")) collect();
  });
  document.addEventListener("visibilitychange", () => {
    // Whoever wakes up asks at once, and does not wait long for the answer.
    tickAt = performance.now();
    heardAt = performance.now() - ASK_MS;
    asked = true;
    say();
  });
})();
