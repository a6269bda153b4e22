// What comes from elsewhere, as the card may rely on it: plain data with the members that it shows, each of its type. All
// else is left out, so a member that is new or odd costs no more than its own line.

const questionKey = "io.github.atlas-provision-mcp/question";

export const isRecord = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value);

// Each of these returns undefined for what is not of its type.
const text = (value) => (typeof value === "string" ? value : undefined);
const number = (value) => (Number.isFinite(value) ? value : undefined);
const flag = (value) => (typeof value === "boolean" ? value : undefined);
const anything = (value) => value ?? undefined;
const record = (value) => (isRecord(value) ? value : undefined);

const oneOf =
  (...words) =>
  (value) =>
    words.includes(value) ? value : undefined;

const list = (read) => (value) =>
  Array.isArray(value) ? value.map(read).filter((one) => one !== undefined) : undefined;

/** Reads these members of an object. Undefined if a needed one is missing. */
const members =
  (readers, ...needed) =>
  (value) => {
    if (!isRecord(value)) return undefined;
    const known = Object.entries(readers)
      .map(([name, read]) => [name, read(Object.hasOwn(value, name) ? value[name] : undefined)])
      .filter(([, member]) => member !== undefined);
    const all = Object.fromEntries(known);
    return needed.every((name) => Object.hasOwn(all, name)) ? all : undefined;
  };

const action = members({ tool: text, arguments: record, why: text }, "tool", "arguments");

const place = members({ backingProviderName: text, regionName: text });
const cluster = members({
  ...{ name: text, groupId: text, id: text, stateName: text, status: text },
  connectionStrings: members({ standardSrv: text }),
  providerSettings: place,
});

const perMonth = members({ from: number, to: number }, "from", "to");

const difference = members({ field: text, yours: anything, existing: anything }, "field");

const error = members(
  {
    ...{ code: text, message: text, outcome: text, retry: text, retryAfterSeconds: number },
    fields: list(members({ path: text, problem: text }, "path", "problem")),
    nextActions: list(action),
  },
  "message",
);

const result = members(
  {
    status: oneOf("ok", "error", "needs_confirmation"),
    ...{ backend: text, outcome: text, message: text, confirmation: text, ready: flag },
    ...{ host: text, pausesAt: text, deletesAt: text, credentialsFile: text },
    cluster,
    project: members({ name: text, id: text }),
    missing: list(text),
    differences: list(difference),
    receipt: members({ approver: text, resource: text, price: text }),
    request: members({ method: text, path: text }, "method", "path"),
    quote: members({ perMonth, currency: text }, "perMonth", "currency"),
    nextActions: list(action),
    error,
  },
  "status",
);

const question = members(
  { name: text, question: text, lifetimeMs: number, call: action, look: action },
  "question",
  "call",
);

const answerOf = members({
  structuredContent: record,
  content: list(members({ text }, "text")),
  _meta: members({ [questionKey]: question }),
});

const parsed = (json) => {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
};

/** What stands for a result that the card did not get: the call may have done everything or nothing. */
export const unread = (message) => ({ status: "unread", message: message.slice(0, 300) });

/**
 * The result in an answer of the host, which may have kept only its text, or put its own there. `asked` is the question
 * for the card, and `whole` the result as it came.
 */
export const resultIn = (answer) => {
  const { structuredContent, content = [], _meta = {} } = answerOf(answer) ?? {};
  const texts = content.map((one) => one.text);
  for (const whole of [structuredContent, ...texts.map(parsed)]) {
    const read = result(whole);
    if (read !== undefined && (read.status !== "error" || read.error !== undefined))
      return { ...read, asked: _meta[questionKey], whole };
  }
  return unread(texts.join(" "));
};

/** The arguments of the call that the card belongs to. */
export const argumentsIn = (params) => record(params.arguments);

/** What the host says of itself. */
export const hostIn = (answer) => {
  const { hostCapabilities, hostContext } =
    members({ hostCapabilities: record, hostContext: record })(answer) ?? {};
  return { capabilities: hostCapabilities ?? {}, context: hostContext ?? {} };
};

/** The name of the tool that the card belongs to. */
export const toolIn = (context) =>
  members({ toolInfo: members({ tool: members({ name: text }) }) })(context)?.toolInfo?.tool?.name;

/** A call that shows a cluster, without waiting in it. */
export const lookOf = (call) => {
  if (call === undefined || !/^get_(flex|ephemeral)_cluster$/.test(call.tool)) return undefined;
  const { waitSeconds: _, ...args } = call.arguments;
  return { tool: call.tool, arguments: args };
};

/** The look that a result suggests. */
export const lookIn = ({ ready, nextActions = [] }) =>
  ready === false ? nextActions.map(lookOf).find((look) => look !== undefined) : undefined;
