// An alert that nobody has taken for too long: its mark moves three times, and then stands still (css/controls.css).
import { now } from "../core/clock.js";
import { words } from "../core/words.js";

const TOO_LONG = Number(words.patrolSeconds);

function draw() {
  for (const line of document.querySelectorAll("[data-raised]")) {
    line.classList.toggle("is-waiting", now() - Number(line.dataset.raised) > TOO_LONG);
  }
}
draw();
setInterval(draw, 1000);
