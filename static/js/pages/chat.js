// All chat: the feed, and its keys.
import { addKeys } from "../keys.js";
import { press, showNew } from "../rooms/feed.js";

addKeys({ r: showNew, m: () => press("mute"), b: () => press("room_ban") });
