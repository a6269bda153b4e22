import { MongoClient } from "mongodb";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { secret } from "../../src/common/secret.ts";
import { checkConnection } from "../../src/connection/check.ts";
import { startDns } from "../support/dns-server.ts";
import { endAtFirstWord, openServers, type TcpServers } from "../support/tcp-server.ts";

/** Variables by which the driver writes its log to stdout, where the messages of MCP are. */
const loud = {
  MONGODB_LOG_PATH: "stdout",
  MONGODB_LOG_ALL: "trace",
  MONGODB_LOG_COMMAND: "trace",
  MONGODB_LOG_TOPOLOGY: "trace",
  MONGODB_LOG_SERVER_SELECTION: "trace",
  MONGODB_LOG_CONNECTION: "trace",
  MONGODB_LOG_CLIENT: "trace",
};

let servers: TcpServers;
let port: number;
beforeAll(async () => {
  servers = openServers();
  port = await servers.tcp(endAtFirstWord);
});
afterAll(() => servers.close());
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** All that is written to stdout and stderr while this runs. */
const writtenBy = async (work: () => Promise<unknown>): Promise<string> => {
  for (const [name, value] of Object.entries(loud)) vi.stubEnv(name, value);
  const written: string[] = [];
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((chunk, ...rest) => {
      written.push(String(chunk));
      for (const one of rest) if (typeof one === "function") one();
      return true;
    });
  await work();
  return written.join("");
};

it("writes nothing, whatever the driver's variables say", async () => {
  const written = await writtenBy(async () => {
    const dns = await startDns({ "A db.shop.test": ["127.0.0.1"] });
    const report = await checkConnection({
      connectionString: `mongodb://db.shop.test:${port}`,
      username: "app",
      password: secret("sesame-open-it-please"),
      tls: false,
      signal: new AbortController().signal,
      resolver: dns.resolver(),
    });
    await dns.close();
    expect(report).toMatchObject({ failedStep: "hello", cause: "closed" });
  });
  expect(written).toBe("");
});

it("would show what the driver writes by itself", async () => {
  const written = await writtenBy(async () => {
    const options = { serverSelectionTimeoutMS: 50, directConnection: true };
    const client = new MongoClient(`mongodb://127.0.0.1:${port}`, options);
    await expect(client.connect()).rejects.toThrow();
    await client.close();
  });
  expect(written).toContain("Starting topology monitoring");
});
