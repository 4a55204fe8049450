// The server's time, and how a time of day is written.

const MAX_SKEWS = 5;
const skews = []; // the page's running time minus the server's clock, in ms, of the last frames: the least is the truest

// Seconds of Unix time, as the server's clock says once a frame has come. What has passed is measured by performance.now(),
// which no setting of the computer's clock moves. After a sleep it may be behind; with only the last frames remembered, that
// is forgotten as soon as they have come.
export const now = () => (skews.length ? performance.now() - Math.min(...skews) : Date.now()) / 1000;

// serverTime: Unix milliseconds at which the server sent what has just come.
export function setServerTime(serverTime) {
  skews.push(performance.now() - serverTime);
  if (skews.length > MAX_SKEWS) skews.shift();
}

// A time of day, of 24 hours, in the person's zone. at: Unix milliseconds; "short": without seconds.
const root = document.documentElement;
export const time = (at, timeStyle = "medium") => new Date(at).toLocaleTimeString(root.lang, { timeZone: root.dataset.timeZone, timeStyle, hourCycle: "h23" });

// The one form of a time further back than an hour, as the server has it (monitor/formatting.py): the time of day, with the date
// when it is not today. at: Unix seconds.
const dated = new Intl.DateTimeFormat("sv-SE", { timeZone: root.dataset.timeZone, dateStyle: "short", timeStyle: "short" });
export function moment(at) {
  const text = dated.format(at * 1000);
  return text.startsWith(dated.format(now() * 1000).slice(0, 10)) ? text.slice(11) : text;
}
export const utc = (at) => `${new Date(at * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
// The day in the person's zone: 2026-11-30. at: Unix milliseconds.
const days = new Intl.DateTimeFormat("sv-SE", { timeZone: root.dataset.timeZone, dateStyle: "short" });
export const day = (at) => days.format(at);
