/** Three servers that share a store, on one sandbox whose Atlas checks no names and shows what was made late. */
import { callTool, type HttpServed, serveHttp } from "../../support/http.ts";
import { type LiveSandbox, startSandbox } from "../../support/live-sandbox.ts";

/** Repeats what a server could not do at the moment, as its answer says, and how often it had to. */
export const repeated = async (
  call: () => Promise<any>,
  onRepeat: () => void = () => {},
): Promise<any> => {
  for (;;) {
    const answer = await call();
    if (answer.error?.code !== "unavailable" || answer.error.outcome !== "not_created")
      return answer;
    onRepeat();
  }
};

export type Replicas = {
  sandbox: LiveSandbox;
  servers: HttpServed[];
  /** Calls a tool of one server. The structured result; undefined where there was no answer. */
  call(index: number, name: string, args: object): Promise<any>;
  close(): Promise<void>;
};

/** Atlas takes 250 projects in an organization. */
export const organizations = [1, 2, 3].map((count) => ({
  id: `${count}`.repeat(24),
  name: `Organization ${count}`,
}));

/** The organization of a round. */
export const orgIdOf = (round: number): string => organizations[round % 3]?.id ?? "";

export const startReplicas = async (
  stores: readonly string[],
  env: Record<string, string> = {},
  args: string[] = [],
): Promise<Replicas> => {
  const sandbox = await startSandbox({ rateLimits: false, organizations: [...organizations] });
  const servers = await Promise.all(
    stores.map((store) =>
      serveHttp(args, {
        ...sandbox.env,
        ATLAS_MCP_SECRET: "the-same-in-all-replicas",
        ATLAS_MCP_STORE: store,
        ...env,
      }),
    ),
  );
  return {
    sandbox,
    servers,
    call: async (index, name, args) => {
      const { url } = servers[index % servers.length] ?? { url: "" };
      return (await callTool(url, "2026", name, args)).result.structuredContent;
    },
    close: async () => {
      await Promise.all(servers.map((server) => server.end("SIGTERM", 10_000)));
      await sandbox.close();
    },
  };
};

/** Does so many things, a few at a time. */
export const inRounds = async (
  count: number,
  atOnce: number,
  round: (index: number) => Promise<void>,
): Promise<void> => {
  let next = 0;
  const work = async () => {
    for (let index = next++; index < count; index = next++) await round(index);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
};
