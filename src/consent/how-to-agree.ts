/** The end of a request for consent: what the agent has to do with it. */
export const howToAgree =
  "Ask your user. If they agree, repeat the call with the confirmation within 5 minutes. Nothing has been sent yet.";
