/** Follows the sandbox, and shows what it tells. */
import { byId, control } from "./elements.js";
import { showFaults, showKnownFaults, startFaults } from "./faults.js";
import { startRequests, takeRequests } from "./requests.js";
import { keysBeside, startResources, takeRows } from "./resources.js";
import { age } from "./text.js";

/** Milliseconds until the page asks again where the sandbox has refused it, or is gone. */
const pauseMs = 2000;

let stream;
let retry;

const showLive = (state, words) => {
  const live = byId("live");
  live.className = state;
  if (live.textContent !== words) live.textContent = words;
};

const showClock = ({ clockAheadMs }) => {
  byId("clock").textContent = clockAheadMs > 0 ? `Clock ${age(clockAheadMs)} ahead` : "";
};

const take = ({ data }) => {
  const told = JSON.parse(data);
  const { whole, forgets = false, now, rows = [], requests = [], faults, clock } = told;
  if (whole) showKnownFaults(told.operations, told.knownFaults);
  if (faults) showFaults(faults);
  if (clock) showClock(clock);
  const gone = whole ? keysBeside(rows) : (told.gone ?? []);
  if (rows.length > 0 || gone.length > 0) takeRows(rows, gone, now);
  if (forgets || requests.length > 0) takeRequests(requests, forgets);
};

const follow = () => {
  clearTimeout(retry);
  stream?.close();
  stream = new EventSource("/_sandbox/events");
  stream.addEventListener("open", () => showLive("on", "Live"));
  stream.addEventListener("message", take);
  stream.addEventListener("error", () => {
    showLive("off", "Not connected");
    if (stream.readyState === EventSource.CLOSED) retry = setTimeout(follow, pauseMs);
  });
};

/** A page that nobody sees lets go of its stream: browsers open only six connections to one address. */
const followWhileSeen = () => {
  if (!document.hidden) {
    follow();
    return;
  }
  clearTimeout(retry);
  stream?.close();
};

const askForReset = () => {
  const dialog = byId("reset-dialog");
  byId("reset-problem").textContent = "";
  dialog.returnValue = "";
  dialog.showModal();
};

const reset = async () => {
  const dialog = byId("reset-dialog");
  if (dialog.returnValue !== "reset") return;
  const problem = await control("POST", "reset");
  if (problem === undefined) return;
  askForReset();
  byId("reset-problem").textContent = problem;
};

// The keys scroll only what has the focus.
for (const part of document.querySelectorAll(".scroll")) part.tabIndex = 0;
byId("address").textContent = location.host;
document.title = `Atlas sandbox ${location.host}`;
startResources();
startFaults();
startRequests();
byId("reset").addEventListener("click", askForReset);
byId("reset-dialog").addEventListener("close", reset);
document.addEventListener("visibilitychange", followWhileSeen);
followWhileSeen();
