// A new room: bytes counted as they are typed, and what is copied from the hand-over card.
import { toast } from "../core/toast.js";

const form = document.querySelector("[data-plan]");
const encoder = new TextEncoder();

function count(input) {
  const most = Number(input.dataset.bytes);
  const warn = Number(input.dataset.bytesWarn || most);
  const n = encoder.encode(input.value).length;
  const words = n > warn && n <= most ? form.dataset.wordsLong : form.dataset.wordsBytes;
  const reported = document.getElementById(`${input.id}-bytes`);
  reported.textContent = words.replace("{n}", n).replace("{most}", most).replace("{warn}", warn);
  reported.className = n > most ? "helptext error" : n > warn ? "helptext warn" : "helptext";
  input.setAttribute("aria-invalid", String(n > most));
}

for (const input of form?.querySelectorAll("[data-bytes]") || []) {
  const reported = document.createElement("small");
  reported.id = `${input.id}-bytes`;
  input.setAttribute("aria-describedby", reported.id);
  input.after(reported);
  input.addEventListener("input", () => count(input));
  count(input);
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const words = button.closest("[data-words-copied]").dataset.wordsCopied;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    return; // no permission, or plain HTTP: the text stands beside the button
  }
  toast(words);
});
