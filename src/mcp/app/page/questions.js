// What the card shows of a question and of its answer, as views.js says.
import { deedOf, factsOf, nameIn, priceOf, sandboxNote, saying } from "./words.js";

/** A question, which the buttons answer. Without `asked` the host has not given it to the card. */
export const questionView = (result, asked, canCall) => {
  const [action] = result.nextActions ?? [];
  const { tool, arguments: args = {} } = asked?.call ?? action ?? {};
  const isDelete = tool?.startsWith("delete_") === true;
  const canAnswer = asked !== undefined && canCall;
  const name = asked?.name ?? nameIn(args);
  return {
    tone: isDelete ? "bad" : "warn",
    badge: "Needs your answer",
    kind: deedOf(tool),
    title: name || "Do you agree?",
    texts: [asked?.question ?? result.message],
    facts: [...priceOf(result.quote), ...factsOf(args, name)],
    actions: canAnswer
      ? [
          { does: "agree", label: "Agree", look: isDelete ? "danger" : "main", isGuarded: true },
          { does: "decline", label: "Don’t" },
        ]
      : [],
    note: canAnswer
      ? `${sandboxNote(result)} Nothing has been sent yet.`
      : "Nothing has been sent yet. Tell the assistant whether you agree.",
  };
};

/** A question that can no longer be answered here. */
export const endedView = (question, badge, text) => ({
  ...question,
  tone: "calm",
  badge,
  texts: [text],
  actions: [],
  note: "",
});

export const agreedView = (question) => ({
  ...question,
  tone: "busy",
  badge: "Agreed",
  busy: true,
  actions: [],
  note: "You agreed. Waiting for Atlas.",
});

/** A question that was agreed to and has no result: it may have been done. */
export const unknownView = (question, message, look) => ({
  ...question,
  tone: "warn",
  badge: "Outcome unknown",
  busy: false,
  texts: [
    saying("You agreed, but this card got no result", message),
    "It may have been done. Look before it is done again.",
  ],
  actions: look === undefined ? [] : [{ does: "look", label: "Look" }],
  note: look === undefined ? "Ask the assistant to look at what was done." : "",
});
