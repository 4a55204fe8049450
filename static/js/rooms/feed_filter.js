// Which lines of all chat a person wants to see. Texts are compared as the server does it (rooms/text.py, fold_words): letter
// case and width do not count, nor does what cannot be seen.

const SPACES = /\s+/gu;
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\u0334-\u0338\u2800\ufffc]/gu;

export function fold(text) {
  return text.normalize("NFKD").replace(SPACES, " ").replace(UNSEEN, "").toLowerCase().normalize("NFKC").trim();
}

// A function of (line, room) for the values of the form: {q, room, account, writing}.
export function filterOf({ q = "", room = "", account = "", writing = "" }) {
  const [words, place, who] = [q, room, account].map(fold);
  const rooms = new Map(); // a room's lines come one after the other, and its name seldom changes
  const isThere = (told) => {
    const known = rooms.get(told.room);
    if (known?.title === told.title) return known.is;
    const is = fold(`${told.room_id}\n${told.title}`).includes(place);
    if (rooms.size > 5000) rooms.clear();
    rooms.set(told.room, { title: told.title, is });
    return is;
  };
  return (line, told) =>
    (!writing || line.w === writing) &&
    (!place || isThere(told)) &&
    (!who || fold(line.account).includes(who)) &&
    (!words || fold(line.text).includes(words));
}
