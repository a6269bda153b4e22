const repeat = "repeat the call with the confirmation within 5 minutes. Nothing has been sent yet.";

/** The end of a request for consent: what the agent has to do with it. */
export const howToAgree = `Ask your user. If they agree, ${repeat}`;

/** The same where the host may show its user a card with the question. */
export const howToAgreeByCard = `If the host shows your user a card with this question, they can answer there. Otherwise ask them. If they tell you that they agree, ${repeat}`;

/** The message for a person who is asked in another way. */
export const withoutHowToAgree = (message: string): string =>
  message.replace(` ${howToAgree}`, "").replace(` ${howToAgreeByCard}`, "");
