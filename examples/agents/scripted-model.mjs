// A model that plays from a script, behind OpenAI's chat completions and Gemini's generateContent: it reads the tools'
// answers as a model would, takes ids from them, and follows the next action of an error. All else is the framework's
// own loop.
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/** The journey, call by call; `seen` holds the last answer of each tool. */
const script = [
  () => ["get_account", {}],
  (seen) => ["create_project", { name: "shop", orgId: seen.get_account.organizations[0].id }],
  (seen) => [
    "create_flex_cluster",
    {
      groupId: seen.create_project.project.id,
      name: "orders",
      // AWS spells it so, Atlas does not: the answer says how the call is mended.
      providerSettings: { backingProviderName: "AWS", regionName: "us-east-1" },
      waitSeconds: 30,
    },
  ],
  (seen) => ["create_database_user", { groupId: groupId(seen), username: "app" }],
  (seen) => ["create_access_list_entry", { groupId: groupId(seen), ipAddress: "203.0.113.7" }],
  (seen) => ["get_project", { groupId: groupId(seen) }],
  (seen) => ["delete_flex_cluster", { groupId: groupId(seen), name: "orders" }],
  (seen) => ["delete_project", { groupId: groupId(seen), name: "shop" }],
];

const groupId = (seen) => seen.create_project.project.id;

const farewell = ({ get_project: there, create_database_user: user, delete_project: end }) =>
  `The cluster was ${there.clusters[0].stateName} at ${there.clusters[0].connectionStrings.standardSrv}, ` +
  `open to ${there.accessListEntries[0].cidrBlock}; the password of ${user.databaseUser.username} ` +
  `is in ${user.credentialsFile}. Project: ${end.outcome}.`;

/** An answer of the server, in whatever a framework wraps it: blocks of text, or a sentence before it. */
const answerIn = (content) => {
  if (typeof content === "string")
    return answerIn(JSON.parse(content.slice(content.search(/[[{]/))));
  if (Array.isArray(content)) return answerIn(content[0]);
  return content.status ? content : answerIn(content.text ?? content.content ?? content.error);
};

/** What the model says next after these answers of tools: `[tool, arguments]`, or a text when all is done. */
const next = (answers) => {
  const seen = {};
  let done = 0;
  let last;
  for (const [tool, content] of answers) {
    last = answerIn(content);
    seen[tool] = last;
    if (last.status === "ok") done += 1;
  }
  // A script is nobody who could agree to anything.
  if (last?.status === "needs_confirmation") return `A person has to agree: ${last.message}`;
  if (last?.status === "error") {
    const [action] = last.error.nextActions;
    return action ? [action.tool, action.arguments] : `It failed: ${JSON.stringify(last)}`;
  }
  return done < script.length ? script[done](seen) : farewell(seen);
};

const completion = ({ model, messages }) => {
  const calls = messages.flatMap(({ tool_calls = [] }) => tool_calls);
  const nameOf = (callId) => calls.find(({ id }) => id === callId).function.name;
  const said = next(
    messages
      .filter(({ role }) => role === "tool")
      .map(({ tool_call_id, content }) => [nameOf(tool_call_id), content]),
  );
  const message = Array.isArray(said)
    ? {
        role: "assistant",
        content: null,
        tool_calls: [
          {
            id: `call_${messages.length}`,
            type: "function",
            function: { name: said[0], arguments: JSON.stringify(said[1]) },
          },
        ],
      }
    : { role: "assistant", content: said };
  return {
    id: `chatcmpl-${messages.length}`,
    object: "chat.completion",
    created: Math.floor(Date.now() / 1000),
    model,
    choices: [{ index: 0, message, finish_reason: message.tool_calls ? "tool_calls" : "stop" }],
    usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
  };
};

const generatedContent = ({ contents }) => {
  const said = next(
    contents
      .flatMap(({ parts }) => parts)
      .filter(({ functionResponse }) => functionResponse)
      .map(({ functionResponse: { name, response } }) => [name, response]),
  );
  const part = Array.isArray(said)
    ? { functionCall: { name: said[0], args: said[1] } }
    : { text: said };
  return {
    candidates: [{ content: { role: "model", parts: [part] }, finishReason: "STOP" }],
    usageMetadata: { promptTokenCount: 0, candidatesTokenCount: 0, totalTokenCount: 0 },
  };
};

const answerTo = (url) => {
  if (url === "/v1/chat/completions") return completion;
  if (/^\/v1beta\/models\/[^/]+:generateContent$/.test(url)) return generatedContent;
};

/** Listens on a free port of this machine; `heard` is told of each request's body and path. */
export const startScriptedModel = async (heard = () => {}) => {
  const http = createServer(async (request, response) => {
    const answer = (status, body) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    try {
      const { method, url } = request;
      const say = method === "POST" ? answerTo(url) : undefined;
      if (!say) return answer(404, { error: { message: `${method} ${url} is unknown` } });
      const body = await json(request);
      heard(body, url);
      answer(200, say(body));
    } catch (error) {
      answer(400, { error: { message: error.message } });
    }
  });
  await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${http.address().port}`;
  return {
    name: "scripted",
    baseURL: `${address}/v1`,
    geminiURL: address,
    apiKey: "none",
    close: () => http.close().closeAllConnections(),
  };
};

// For programs in other languages: it prints its address and ends with its input.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { close, ...model } = await startScriptedModel();
  console.log(JSON.stringify(model));
  process.stdin.on("end", close).resume();
}
