/** The user of a task says what the task has, and a yes only to what the server waits for. */
import { describe, expect, it } from "vitest";
import { createUser } from "../../evals/user.mjs";

const yes = { says: "Yes.", agrees: true };
const place = { says: "In Frankfurt." };
const user = (more: object = {}, agreesAnyTime = false): any =>
  createUser({ turns: ["Do it."], answers: [yes, place], ...more }, agreesAnyTime);

describe("the user of a task", () => {
  it("agrees only where a confirmation is waited for", () => {
    const one = user();
    expect(one.reply("Shall I?", false)).toEqual(place);
    expect(one.reply("Shall I?", true)).toEqual(yes);
    expect(one.reply("Shall I?", true)).toEqual({ says: "That is all I can tell you." });
  });

  it("agrees at any time where the server has no confirmations", () => {
    expect(user({}, true).reply("Shall I？", false)).toEqual(yes);
  });

  it("takes a last word with an open question for a question", () => {
    expect(user().reply("Shall I?\nOutcome: not done", true)).toEqual(yes);
    expect(user().reply("Anything else?\n**Outcome: done**", false)).toBeUndefined();
  });

  it("has second thoughts when the first are done, also where the verdict is forgotten", () => {
    const turns = ["Do it.", "No, the other one.", "Thanks."];
    const one = user({ turns });
    expect(one.reply("It is done.", false)).toEqual({ says: "No, the other one." });
    expect(one.reply("Outcome: done", false)).toEqual({ says: "Thanks." });
    expect(one.reply("Outcome: done", false)).toBeUndefined();
  });

  it("reminds of the verdict, and loses patience", () => {
    const one = user();
    expect(one.reply("It is done.", false).says).toContain('"Outcome: done"');
    expect(one.reply("It is done.", false).says).toContain('"Outcome: done"');
    expect(one.reply("It is done.", false)).toBeUndefined();
    expect(user().reply(" ", false)).toBeUndefined();
  });
});
