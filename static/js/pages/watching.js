// Every page of somebody who may watch rooms: live figures, and what stands beside them.
import "../command_palette.js";
import "../live/ages.js";
import "../rooms/card.js";
import "../rooms/countdowns.js";
import "../rooms/filters.js";
import "../rooms/looks.js";
import "../rooms/stills.js";
import "../rooms/waiting.js";
import "../rooms/risk.js";
import { addKeys, currentRoom } from "../keys.js";
import { press } from "../rooms/claims.js";

const ofRoom = (name) => [name, () => press(name, currentRoom())];
addKeys(Object.fromEntries(["c", "n", "x", "X", "!"].map(ofRoom)));
