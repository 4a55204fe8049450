// The page of one room: its picture, its charts and its chat.
import "../core/charts.js";
import { addKeys, currentRoom } from "../keys.js";
import { toggleSound } from "../wall/players.js";
import "../rooms/chat.js";

addKeys({ m: () => toggleSound(currentRoom()) });
