/** The end of a request for consent: what the agent has to do with it. */
const repeat =
  "If they agree, repeat the call with the confirmation within 5 minutes. Nothing has been sent yet.";

export const howToAgree = `Ask your user. ${repeat}`;

/** The same where the host may show its user a card with the question. */
export const howToAgreeByCard = `If the host shows your user a card with this question, leave the answer to them there. Otherwise ask them. ${repeat}`;

/** The message for a person who is asked in another way. */
export const withoutHowToAgree = (message: string): string =>
  message.replace(` ${howToAgree}`, "").replace(` ${howToAgreeByCard}`, "");
