// The user of a task: answers questions, and says the next thing when the model is done with the last.
import { claimIn } from "./judge/judge.mjs";

// Neither a yes nor a no.
const nothingMore = "That is all I can tell you.";
const patience = 2;

/** A message that has no verdict asks something, and so does one that has an open question of the server in it. */
const isQuestion = (text, isPending) =>
  claimIn(text) === undefined || (isPending && text.includes("?"));

/** `opening` is what the user says first; `reply` what the user says to a message, undefined where the conversation ends. */
export const createUser = ({ turns, answers }) => {
  const left = { turns: turns.slice(1), answers: [...answers], patience };
  return {
    opening: { says: turns[0] },
    reply: (text, isPending) => {
      if (text.trim() === "") return undefined;
      if (isQuestion(text, isPending)) {
        const answer = left.answers.shift();
        if (answer !== undefined) return answer;
        left.patience -= 1;
        return left.patience < 0 ? undefined : { says: nothingMore };
      }
      const next = left.turns.shift();
      return next === undefined ? undefined : { says: next };
    },
  };
};
