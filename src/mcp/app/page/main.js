// What happens in the card: it shows the result of its call, watches a cluster until it is ready, and answers a question.

import { applyTheme, draw, drawNote, focusTitle, watchHeight } from "./elements.js";
import { ask, callTool, greet, host, inform, listen, tell } from "./host.js";
import { agreedView, endedView, questionView, unknownView } from "./questions.js";
import { argumentsIn, lookIn, lookOf, resultIn, toolIn } from "./results.js";
import { cancelledView, goneView, resultView, waitingView, withLook } from "./views.js";
import { watch } from "./watch.js";

// How long the host may take to ask its user before the card says that the outcome is unknown, and for a message
// (milliseconds). A later answer to what was agreed to counts all the same.
const patientMs = 180_000;

// How long a question is open, if the server does not say it (milliseconds).
const usualLifetimeMs = 300_000;

const unseen = "The assistant does not see what you do here: tell it.";

/** The card now. `turn` counts the results that were shown: what was begun for an earlier one has no say. */
const card = {
  tool: undefined,
  args: undefined,
  view: undefined,
  result: undefined,
  question: undefined,
  look: undefined,
  // What the user has to know as long as the card is there.
  reminder: "",
  timer: undefined,
  turn: 0,
  isTornDown: false,
};

/** The questions that were shown, by their confirmations: since when, and whether they are over. */
const questions = new Map();

const canCall = () => host.capabilities.serverTools !== undefined;
const tellsModel = () => host.capabilities.updateModelContext !== undefined;

const note = (text) => drawNote(`${text} ${card.reminder}`);

const show = (view) => {
  card.view = view;
  draw({ ...view, note: `${view.note ?? ""} ${card.reminder}` }, (does) => actions[does]());
};

/** Shows what follows from a press: the pressed button is gone. */
const showNext = (view) => {
  show(view);
  focusTitle();
};

const later = (ms, work) => {
  card.timer = setTimeout(work, ms);
};

/** Ends what is going on. Returns what tells whether it is still the same turn. */
const begin = () => {
  clearTimeout(card.timer);
  card.turn += 1;
  const { turn } = card;
  return () => turn === card.turn;
};

/** Shows a result, and what follows from it: a question waits for its answer, a cluster is watched. */
const present = (result) => {
  begin();
  Object.assign(card, { result, question: undefined, look: lookIn(result) });
  if (result.status === "needs_confirmation") return pose(result);
  show(resultView(result, { ...card, canSay: host.capabilities.message !== undefined }));
  if (card.look === undefined) return undefined;
  if (canCall()) return watchFrom();
  return note("This host lets a card call nothing. Ask the assistant whether it is ready.");
};

/** What is known of the question of a result. A host may send the result again, also without the card's confirmation. */
const questionOf = ({ asked, confirmation }) => {
  const names = [confirmation, asked?.call.arguments.confirmation].filter(Boolean);
  const known = names.map((name) => questions.get(name)).find((one) => one !== undefined);
  const question = known ?? { since: performance.now(), isOver: false };
  for (const name of names) questions.set(name, question);
  return question;
};

/** Shows a question. Only the card is given what its button sends; without it the assistant has to be told. */
const pose = (result) => {
  const { asked } = result;
  show(questionView(result, asked, canCall()));
  if (asked === undefined || !canCall()) return;
  card.question = result;
  // By the time that has passed here: the clocks of the host and the server may differ.
  const openMs = performance.now() - questionOf(result).since;
  later(Math.max(0, (asked.lifetimeMs ?? usualLifetimeMs) - openMs), () => {
    takeQuestion();
    show(
      endedView(
        card.view,
        "Too late",
        "Nobody answered here within 5 minutes. Ask the assistant to do it again.",
      ),
    );
  });
};

const watchFrom = (firstMs) => {
  const isWanted = begin();
  // Who agreed is known from the first result alone.
  const { receipt } = card.result;
  watch(card.look, firstMs, {
    later,
    isWanted,
    onMaking: (result, minutes) => {
      card.result = { ...result, receipt };
      show(resultView(card.result, card));
      if (minutes > 0) note(`Watched for ${minutes} min.`);
    },
    onReady: (result) => {
      inform(`The cluster is ready now: ${JSON.stringify(result.whole)}`);
      present({ ...result, receipt });
    },
    onGone: (message) => show(goneView(card.view, message)),
    onTrouble: note,
    onEnd: (why) => show(withLook(card.view, why)),
  });
};

/** Ends the question, and returns what the card was asked: a second press finds none, and no result opens it again. */
const takeQuestion = () => {
  const { question } = card;
  if (question === undefined) return undefined;
  card.question = undefined;
  questionOf(question).isOver = true;
  return question.asked;
};

const projectPart = (text = "") => (/^[0-9a-f]{24}$/.test(text) ? ` in project ${text}` : "");
const namePart = (text = "") => (/^[A-Za-z0-9-]{1,64}$/.test(text) ? ` ${text}` : "");

const agree = async () => {
  const asked = takeQuestion();
  if (asked === undefined) return undefined;
  const before = card.view;
  const isSame = begin();
  showNext(agreedView(before));
  if (!tellsModel()) card.reminder = unseen;
  later(patientMs, () => doubt(asked, before, "There was no answer in time."));
  const result = await callTool(asked.call);
  if (card.isTornDown) return undefined;
  if (result.status === "unread")
    return isSame() ? doubt(asked, before, result.message) : undefined;
  present(result);
  if (card.question !== undefined)
    return note(
      "Asked again: the question was too old, or something is different now. Nothing has been sent yet.",
    );
  return inform(
    `The user pressed Agree on the card. Result of ${asked.call.tool}: ${JSON.stringify(result.whole)}`,
  );
};

/** Shows, and tells the model, that what was agreed to may have been done. */
const doubt = ({ call, look }, before, message) => {
  begin();
  card.look = lookOf(look);
  show(unknownView(before, message, card.look));
  const next = look === undefined ? "" : `: ${look.tool} ${JSON.stringify(look.arguments)}`;
  inform(
    `The user pressed Agree on the card, and the card got no result of ${call.tool} (${JSON.stringify(message)}). It may have been done: the outcome is unknown. Look before you repeat it${next}`,
  );
};

const decline = () => {
  const asked = takeQuestion();
  if (asked === undefined) return;
  begin();
  if (!tellsModel()) card.reminder = unseen;
  showNext(endedView(card.view, "Declined", "You declined. This card has sent nothing."));
  inform(
    `The user declined on the card: ${asked.question} Nothing was sent. Do not repeat the call unless the user asks for it.`,
  );
};

const lookAgain = () => {
  showNext({ ...card.view, busy: true, actions: [], note: "" });
  watchFrom(0);
};

/** Asks the assistant, in the user's name, for what is missing. A name that could be more than a name is left out. */
const complete = async () => {
  const { cluster, missing } = card.result;
  const what = missing.map((part) => part.replaceAll("_", " ")).join(" and ");
  const text = `Please add what is missing to connect to cluster${namePart(cluster.name)}${projectPart(cluster.groupId)}: ${what}.`;
  showNext({ ...card.view, actions: [] });
  const message = { role: "user", content: [{ type: "text", text }] };
  const answer = await ask("ui/message", message, patientMs).catch(() => ({ isError: true }));
  note(answer?.isError ? "The host did not take the message." : "The assistant was asked.");
};

const actions = { agree, decline, look: lookAgain, complete };

const showWaiting = () => card.result === undefined && show(waitingView(card.tool, card.args));

const theme = (context) => applyTheme(Object.assign(host.context, context));

listen({
  ping: () => ({}),
  "ui/resource-teardown": () => {
    begin();
    card.isTornDown = true;
  },
  "ui/notifications/host-context-changed": theme,
  "ui/notifications/tool-input": (params) => {
    card.args = argumentsIn(params);
    showWaiting();
  },
  "ui/notifications/tool-result": (answer) => {
    const result = resultIn(answer);
    const isOver = result.status === "needs_confirmation" && questionOf(result).isOver;
    if (!isOver) present(result);
  },
  "ui/notifications/tool-cancelled": () => {
    begin();
    card.question = undefined;
    show(cancelledView(card.tool, card.args));
  },
});

await greet();
card.tool = toolIn(host.context);
theme({});
if (card.result === undefined) showWaiting();
// It came before the card knew what its host can do.
else present(card.result);
watchHeight((height) => tell("ui/notifications/size-changed", { height }));
