// The wall: pins, and which tile is the large one. Its order is the server's; nothing moves by itself.
import { find } from "../core/dom.js";

const wall = () => find("#wall");
const pins = () => new URLSearchParams(location.search).getAll("pin");

// --- Pins live in the address: a copied one shows a colleague the same wall ---
function showPins() {
  const pinned = new Set(pins());
  for (const tile of document.querySelectorAll(".tile")) {
    find("[data-pin]", tile).setAttribute("aria-pressed", String(pinned.has(tile.dataset.roomId)));
  }
}
function pin(tile) {
  const address = new URL(location.href);
  const now = pins();
  const room = tile.dataset.roomId;
  address.searchParams.delete("pin");
  for (const one of now.includes(room) ? now.filter((other) => other !== room) : [...now, room]) address.searchParams.append("pin", one);
  history.replaceState(null, "", address);
  // The tile stays where it is: whoever pins is looking at it. The order follows with the next page.
  showPins();
  for (const field of document.querySelectorAll("#filters input[name=pin]")) field.remove();
  for (const one of pins()) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "pin", value: one });
    find("#filters").append(field);
  }
}

// The tile that has the keyboard.
export function pinFocused() {
  const tile = document.activeElement.closest(".tile");
  if (tile) pin(tile);
}

// --- One large, six small ---
function enlarge(tile) {
  if (!wall()?.matches(".wall--focus") || !tile) return;
  find(".tile.is-large")?.classList.remove("is-large");
  tile.classList.add("is-large");
}
export function toggleFocusMode() {
  const tile = document.activeElement.closest(".tile");
  if (wall()?.matches(".wall--focus") && tile && !tile.matches(".is-large")) enlarge(tile);
  else find("[data-focus-mode]")?.click();
}

function begin() {
  showPins();
  enlarge(find(".tile"));
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-pin]");
  if (button) pin(button.closest(".tile"));
});
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.querySelector?.(".tile") || event.target.closest?.("#wall")) begin();
});
begin();
