// What a result has for the card.

const isResult = (value) =>
  value?.status === "error"
    ? typeof value.error?.message === "string"
    : value?.status !== undefined;

/** The object of a result; hosts may keep only its text, or put their own there. */
export const objectIn = ({ structuredContent, content: [{ text = "" } = {}] = [] }) => {
  if (isResult(structuredContent)) return structuredContent;
  const message = text || "The host gave this card no result.";
  const unread = { status: "error", error: { code: "no_result", message } };
  try {
    const parsed = JSON.parse(text);
    return isResult(parsed) ? parsed : unread;
  } catch {
    return unread;
  }
};

/** The look that a result suggests, without waiting in the call. */
export const lookIn = ({ ready, nextActions = [] }) => {
  const found = nextActions.find(({ tool }) => /^get_(flex|ephemeral)_cluster$/.test(tool));
  if (ready !== false || found === undefined) return undefined;
  const { waitSeconds: _, ...args } = found.arguments;
  return { tool: found.tool, arguments: args };
};
