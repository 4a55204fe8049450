// The wall: pictures, pins, the tour, and their keys.
import { addKeys, currentRoom } from "../keys.js";
import { toggleSound } from "../wall/players.js";
import { pinFocused, toggleFocusMode } from "../wall/wall.js";
import { togglePause } from "../wall/tour.js";

addKeys({ m: () => toggleSound(currentRoom()), f: toggleFocusMode, p: pinFocused, " ": togglePause });
