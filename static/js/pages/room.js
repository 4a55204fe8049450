// The page of one room: its picture and its chat.
import { addKeys, currentRoom } from "../keys.js";
import { toggleSound } from "../wall/players.js";
import "../rooms/chat.js";

addKeys({ m: () => toggleSound(currentRoom()) });
