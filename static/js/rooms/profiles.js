// Names and pictures of people beside their accounts (templates/monitor/_avatar.html), asked for together.
const AT_ONCE = 50;
const WAIT_MS = 300; // lines come in groups: one question for all of them
const MAX_KEPT = 3000;
const known = new Map(); // account -> {nick, picture}, or null: none is told
let waiting = 0;

function show(mark, { nick, picture }) {
  mark.dataset.named = "";
  const name = mark.parentElement.querySelector("[data-nick]");
  if (name) name.textContent = nick;
  if (nick) mark.dataset.initial = [...nick][0].toUpperCase();
  if (!picture) return;
  const image = document.createElement("img");
  image.alt = "";
  image.loading = "lazy";
  image.referrerPolicy = "no-referrer";
  image.src = picture;
  mark.replaceChildren(image);
}
const unnamed = (root) => [...root.querySelectorAll("[data-profile]:not([data-profile=''], [data-named])")];

// Fills what stands in root, and asks `address` for what is not known yet.
export function nameAll(root, address) {
  for (const mark of unnamed(root)) if (known.get(mark.dataset.profile)) show(mark, known.get(mark.dataset.profile));
  if (!waiting && unnamed(root).some((mark) => !known.has(mark.dataset.profile))) waiting = setTimeout(() => ask(root, address), WAIT_MS);
}
async function ask(root, address) {
  const accounts = [...new Set(unnamed(root).map((mark) => mark.dataset.profile))].filter((account) => !known.has(account)).slice(-AT_ONCE);
  const query = new URLSearchParams(accounts.map((account) => ["account", account]));
  try {
    const answer = accounts.length ? await fetch(`${address}?${query}`, { signal: AbortSignal.timeout(10_000) }) : null;
    const told = answer?.ok ? await answer.json() : {};
    if (known.size > MAX_KEPT) known.clear();
    for (const account of accounts) known.set(account, told[account] ?? null);
  } catch {
    for (const account of accounts) known.set(account, null); // they stay without a name; the next page asks again
  }
  waiting = 0;
  nameAll(root, address);
}

// A picture that cannot be loaded leaves the initial.
document.addEventListener("error", ({ target }) => { if (target.matches?.(".avatar img")) target.remove(); }, true);
