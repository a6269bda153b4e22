/** The releases of the Python SDK that are tested, what they speak, and over what. */
import type { Answering } from "../../support/clients.ts";
import { serveHttp } from "../../support/http.ts";
import { mint, type TokenFile, tokenFile } from "../../support/token-file.ts";
import { connectPython, type PythonClient, type Speaker } from "./client.ts";
import { pythonWith } from "./environment.ts";

export type Way = { speaker: Speaker; transport: "stdio" | "HTTP"; protocol: string };

const speakers: Record<string, [Speaker, string]> = {
  "mcp 1.30.0": [{ release: 1, mode: "legacy" }, "2025-11-25"],
  "mcp 2.3.0 in its legacy mode": [{ release: 2, mode: "legacy" }, "2025-11-25"],
  "mcp 2.3.0": [{ release: 2, mode: "auto" }, "2026-07-28"],
};

export const ways = Object.entries(speakers).flatMap(([name, [speaker, protocol]]) =>
  (["stdio", "HTTP"] as const).map((transport): [string, Way] => [
    `${name} over ${transport}`,
    { speaker, transport, protocol },
  ]),
);

/** Makes what all ways need: the packages, and a token with its file. */
export const prepare = async (): Promise<{ tokens: TokenFile; token: string }> => {
  await Promise.all([pythonWith(1), pythonWith(2)]);
  const { entry, token } = await mint("python");
  return { tokens: tokenFile(entry), token };
};

/** A client on a server of its own; `stderr` is that of both. */
export const openClient = async (
  { speaker, transport }: Way,
  { tokens, token }: Awaited<ReturnType<typeof prepare>>,
  { env = {}, answers }: { env?: Record<string, string>; answers?: Answering | undefined } = {},
): Promise<PythonClient> => {
  if (transport === "stdio") return connectPython(speaker, { server: { env }, answers });
  const secret = { ATLAS_MCP_SECRET: "of these tests, and of no others" };
  const server = await serveHttp(["--tokens", tokens.path], { ...secret, ...env });
  const client = await connectPython(speaker, { server: { url: server.url, token }, answers });
  return {
    ...client,
    stderr: () => client.stderr() + server.stderr(),
    close: async () => {
      await client.close();
      await server.end();
    },
  };
};
