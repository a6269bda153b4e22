// The user of a task: answers questions, and says the next thing when the model is done with the last.
import { claimIn } from "./judge/judge.mjs";

// Neither a yes nor a no.
const nothingMore = "That is all I can tell you.";
const reminder = 'If you have finished, end with the line "Outcome: done" or "Outcome: not done".';

// So often the user answers without having anything to say.
const patience = 2;

const asks = (text) => /[?？؟]/.test(text);

/** Takes the first answer out of those that fit. */
const take = (answers, fits) => {
  const index = answers.findIndex(fits);
  return index < 0 ? undefined : answers.splice(index, 1)[0];
};

/**
 * `opening` is what the user says first. `reply` is what the user says to a message, undefined where the conversation ends:
 * `isPending` if the server waits for a confirmation; a yes or a no is given only then, unless `agreesAnyTime`.
 */
export const createUser = ({ turns, answers }, agreesAnyTime) => {
  const left = { turns: turns.slice(1), answers: [...answers], patience };
  const withPatience = (says) => {
    left.patience -= 1;
    return left.patience < 0 ? undefined : { says };
  };
  const answerTo = (isPending) =>
    (isPending || agreesAnyTime
      ? take(left.answers, ({ agrees }) => agrees !== undefined)
      : undefined) ?? take(left.answers, ({ agrees }) => agrees === undefined);
  return {
    opening: { says: turns[0] },
    reply: (text, isPending) => {
      if (text.trim() === "") return undefined;
      const isFinal = claimIn(text) !== undefined;
      if (isFinal ? isPending && asks(text) : isPending || asks(text))
        return answerTo(isPending) ?? withPatience(nothingMore);
      const next = left.turns.shift();
      if (next !== undefined) return { says: next };
      return isFinal ? undefined : withPatience(reminder);
    },
  };
};
