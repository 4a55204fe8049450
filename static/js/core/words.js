// The texts of the page in the person's language (see templates/base.html), and how texts and numbers are written.

export const words = document.body.dataset;

// 1234567 -> "1,234,567". Intl.NumberFormat takes ten times as long, and a tick writes a thousand numbers.
export function grouped(value) {
  const digits = String(value);
  let first = digits.length % 3 || 3;
  let text = digits.slice(0, first);
  for (; first < digits.length; first += 3) text += `,${digits.slice(first, first + 3)}`;
  return text;
}

// Characters that turn the direction of what follows are shown by their number; the server has the same function.
export function withoutOverrides(text) {
  return text.replace(/[\u202a-\u202e]/g, (char) => `[U+${char.charCodeAt(0).toString(16).toUpperCase()}]`);
}
