// What happens in the card: it shows the result of its call, watches a cluster until it is ready, and answers a question.

import { applyTheme, draw, drawNote, focusTitle, watchHeight } from "./elements.js";
import { ask, callTool, greet, host, inform, listen, tell } from "./host.js";
import { lookIn, objectIn } from "./results.js";
import {
  agreedView,
  brokenView,
  cancelledView,
  endedView,
  questionView,
  resultView,
  waitingView,
  withLook,
} from "./views.js";
import { watch } from "./watch.js";

const questionKey = "io.github.atlas-provision-mcp/question";

// How long the host may take for a call that changes something, which it may ask its user about (milliseconds).
const callMs = 180_000;

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
};

const canCall = () => host.capabilities.serverTools !== undefined;
const tellsModel = () => host.capabilities.updateModelContext !== undefined;

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
const present = (answer, receipt) => {
  begin();
  const result = { ...objectIn(answer), ...(receipt && { receipt }) };
  const asked = answer._meta?.[questionKey];
  Object.assign(card, { result, question: undefined, look: lookIn(result) });
  if (result.status === "needs_confirmation") return pose(result, asked);
  show(resultView(result, { ...card, canSay: host.capabilities.message !== undefined }));
  if (card.look === undefined) return undefined;
  if (canCall()) return watchFrom();
  return drawNote("This host lets a card call nothing. Ask the assistant whether it is ready.");
};

/** Shows a question. Only the card is given what its button sends; without it the assistant has to be told. */
const pose = (result, asked) => {
  show(questionView(result, asked, canCall()));
  if (asked === undefined || !canCall()) return;
  card.question = asked;
  const left = Date.parse(asked.expires) - Date.now();
  later(Math.max(0, left), () => {
    card.question = undefined;
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
      if (minutes > 0) drawNote(`Watched for ${minutes} min.`);
    },
    onOther: (answer, result) => {
      if (result.ready) inform(`The cluster is ready now: ${JSON.stringify(result)}`);
      present(answer, result.status === "ok" ? receipt : undefined);
    },
    onTrouble: drawNote,
    onEnd: (note) => show(withLook(card.view, note)),
  });
};

/** Answers the question once: a second press finds none. */
const takeQuestion = () => {
  const { question } = card;
  card.question = undefined;
  return question;
};

const projectPart = (text = "") => (/^[0-9a-f]{24}$/.test(text) ? ` in project ${text}` : "");
const namePart = (text = "") => (/^[A-Za-z0-9-]{1,64}$/.test(text) ? ` ${text}` : "");

const agree = async () => {
  const asked = takeQuestion();
  if (asked === undefined) return undefined;
  const before = card.view;
  const isSame = begin();
  showNext(agreedView(before));
  const answer = await callTool(asked.call, callMs).catch((error) => error);
  if (!isSame()) return undefined;
  if (answer instanceof Error) return show(brokenView(before, answer.message));
  if (!tellsModel()) card.reminder = unseen;
  present(answer);
  if (card.question !== undefined)
    return drawNote(
      "Asked again: the question was too old, or something is different now. Nothing has been sent yet.",
    );
  inform(
    `The user pressed Agree on the card. Result of ${asked.call.tool}: ${JSON.stringify(card.result)}`,
  );
  return undefined;
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

const look = () => {
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
  const answer = await ask("ui/message", message, callMs).catch(() => ({ isError: true }));
  drawNote(answer?.isError ? "The host did not take the message." : "The assistant was asked.");
};

const actions = { agree, decline, look, complete };

const showWaiting = () => card.result === undefined && show(waitingView(card.tool, card.args));

const theme = (context) => applyTheme(Object.assign(host.context, context));

listen({
  ping: () => ({}),
  "ui/resource-teardown": () => void begin(),
  "ui/notifications/host-context-changed": theme,
  "ui/notifications/tool-input": ({ arguments: args }) => {
    card.args = args;
    showWaiting();
  },
  "ui/notifications/tool-result": (answer) => present(answer),
  "ui/notifications/tool-cancelled": () => {
    begin();
    card.question = undefined;
    show(cancelledView(card.tool, card.args));
  },
});

await greet();
card.tool = host.context.toolInfo?.tool?.name;
theme({});
showWaiting();
watchHeight((height) => tell("ui/notifications/size-changed", { height }));
