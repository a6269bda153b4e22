/** Follows the sandbox, and shows what it tells. */
import { byId, control, noAnswer } from "./elements.js";
import { noteStruck, showFaults, showKnownFaults, startFaults } from "./faults.js";
import { setToday, startRequests, takeRequests } from "./requests.js";
import { sandboxTime, setNow, showTimes, stopTime } from "./resource-items.js";
import { keysBeside, startResources, takeRows } from "./resources.js";
import { age, dateAndTime, dateOf, timeOfDay } from "./text.js";

/** Milliseconds until the page asks again where the sandbox has refused it, or is gone. */
const pauseMs = 2000;

let stream;
let retry;
let isTold = false;

const showLive = (state, words) => {
  const live = byId("live");
  live.className = state;
  if (live.textContent !== words) live.textContent = words;
};

const showNow = () => {
  if (!isTold) return;
  const now = sandboxTime();
  const text = `${dateAndTime(now)} UTC`;
  if (byId("now").textContent !== text) byId("now").textContent = text;
  setToday(dateOf(now));
  showTimes();
};

const showClock = ({ clockAheadMs }) => {
  byId("clock").textContent = clockAheadMs > 0 ? `Clock ${age(clockAheadMs)} ahead` : "";
};

const take = ({ data }) => {
  const told = JSON.parse(data);
  const { whole, forgets = false, now, rows = [], requests = [], faults, clock } = told;
  isTold = true;
  setNow(now);
  setToday(dateOf(now));
  if (whole) showKnownFaults(told.operations, told.knownFaults);
  noteStruck(requests, forgets);
  if (faults) showFaults(faults);
  if (clock) showClock(clock);
  const gone = whole ? keysBeside(rows) : (told.gone ?? []);
  if (rows.length > 0 || gone.length > 0) takeRows(rows, gone);
  if (forgets || requests.length > 0) takeRequests(requests, forgets);
  showNow();
};

const showConnected = () => {
  showLive("on", "Live");
  for (const one of document.querySelectorAll(".problem"))
    if (one.textContent === noAnswer) one.textContent = "";
};

/** What the page shows gets no older while it is not told what has changed. */
const showLost = () => {
  if (isTold) stopTime();
  const at = isTold ? ` since ${timeOfDay(sandboxTime()).slice(0, 8)} UTC` : "";
  showLive("off", `Not connected${at}`);
};

const follow = () => {
  clearTimeout(retry);
  stream?.close();
  stream = new EventSource("/_sandbox/events");
  stream.addEventListener("open", showConnected);
  stream.addEventListener("message", take);
  stream.addEventListener("error", () => {
    showLost();
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
setInterval(showNow, 250);
byId("reset").addEventListener("click", askForReset);
byId("reset-dialog").addEventListener("close", reset);
document.addEventListener("visibilitychange", followWhileSeen);
followWhileSeen();
