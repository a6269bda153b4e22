/** What the model does in every host, and what holds in every host afterwards. */
import { expect } from "vitest";
import { aws } from "../../support/live-sandbox.ts";
import { objectIn, type Script, type Step } from "./model/server.ts";
import type { Heard } from "./model/wire.ts";
import type { Stage } from "./stage.ts";

const makeCluster =
  (name: string) =>
  ({ project, cluster }: Record<string, any>): Step => [
    "create_flex_cluster",
    {
      groupId: project?.id ?? cluster?.groupId,
      name,
      providerSettings: aws,
      waitSeconds: 30,
    },
  ];

/** A project, a cluster that takes a while, and a name that is refused. */
export const journey = (orgId: string): Script => [
  ["create_project", { name: "shop", orgId }],
  makeCluster("orders"),
  ["create_project", { name: "shop!", orgId }],
  "All done.",
];

/** A cluster to which the user agrees, and one to which they do not. Then the prompt is read. */
export const questions = (orgId: string): Script => [
  ["create_project", { name: "shop", orgId }],
  makeCluster("orders"),
  makeCluster("second"),
  "Both were asked.",
  "I have read it.",
];

/** A cluster that needs a confirmation: the model asks, and repeats the call once the user has agreed. */
export const confirmation = (orgId: string): Script => [
  ["create_project", { name: "shop", orgId }],
  makeCluster("orders"),
  ({ message }) => `May I? ${message}`,
  ({ nextActions: [{ tool, arguments: args }] }) => [tool, args],
  "All done.",
  "I have read it.",
];

/** The names of the tools that the server has listed. */
export const listed = (stage: Stage): string[] => {
  const tools = stage.messages().flatMap(({ result }) => result?.tools ?? []);
  return [...new Set<string>(tools.map(({ name }: { name: string }) => name))].sort();
};

/** The protocol that the host and the server have agreed on. */
export const protocolOf = (stage: Stage): string => {
  const messages = stage.messages();
  const agreed = messages.find(({ result }) => result?.protocolVersion !== undefined);
  const first = messages.find(({ from }) => from === "host");
  const named = first?.params?._meta?.["io.modelcontextprotocol/protocolVersion"];
  return agreed?.result.protocolVersion ?? named;
};

/** The names of this server's tools in a request to the model, without what the host writes before them. */
export const offered = ({ tools }: Heard, before: string): string[] => {
  const own = tools.filter(({ name }) => name.startsWith(before));
  return own.map(({ name }) => name.slice(before.length)).sort();
};

/** The results of the calls, as the server wrote them. */
export const answered = (stage: Stage): Record<string, any>[] =>
  stage
    .messages()
    .flatMap(({ from, result }) =>
      from === "server" && result?.content ? [JSON.parse(result.content[0].text)] : [],
    );

/** The form of a result that the model has read: the text, or the structured content. */
export const read = (text: string): { shown: string; result: object } => {
  const { shown, ...result } = objectIn(text);
  return { shown, result };
};

/** The messages of progress that the server has sent. */
export const progressIn = (stage: Stage): string[] =>
  stage
    .messages()
    .filter(({ method }) => method === "notifications/progress")
    .map(({ params }) => params.message);

/** The names of the clusters that there are. */
export const clusterNames = async (stage: Stage): Promise<string[]> =>
  (await stage.sandbox.state()).clusters.map(({ name }) => name);

/** What holds after the journey, whatever the host: its model has read what the server said, and there is one cluster. */
export const expectJourney = async (stage: Stage, shown?: string): Promise<void> => {
  expect(stage.model.problems).toEqual([]);
  expect(listed(stage)).toHaveLength(15);
  const answers = answered(stage);
  expect(answers.map(({ status }) => status)).toEqual(["ok", "ok", "error"]);
  const texts = stage.model.results().filter((text) => text.includes("status"));
  const forms = texts.map(read);
  expect(forms.map(({ result }) => result)).toEqual(answers);
  expect(forms.slice(0, 2).map((form) => form.shown)).toEqual([shown, shown]);
  expect(await clusterNames(stage)).toEqual(["orders"]);
};

/** Whether the model was told the server's instructions, wherever the host puts them. Some cut their lines. */
export const isInstructed = (stage: Stage): boolean => {
  const sent = stage.messages().find(({ result }) => result?.instructions)?.result.instructions;
  const { system = "", user = "" } = stage.model.heard[0] ?? {};
  return `${system}${user}`.includes(sent.split("\n")[0]);
};
