// Every page of somebody who is logged in.
import "../core/toast.js";
import "../core/dialog.js";
import "../core/page.js";
import "../core/failures.js";
import "../core/focus.js";
import "../rooms/actions.js";
import "../rooms/outcomes.js";
import "../keys.js";
