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

// A time of day as the person reads it: in their language and their zone. at: Unix milliseconds; "short": without seconds.
const root = document.documentElement;
export const time = (at, timeStyle = "medium") => new Date(at).toLocaleTimeString(root.lang, { timeZone: root.dataset.timeZone, timeStyle });
