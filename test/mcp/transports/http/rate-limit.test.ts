import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRateLimit } from "../../../../src/mcp/transports/http/rate-limit.ts";
import { type HttpServed, modern, post, serveHttp } from "../../../support/http.ts";
import {
  bearer,
  type Minted,
  mint,
  type TokenFile,
  tokenFile,
} from "../../../support/token-file.ts";

describe("a rate of 60 a minute", () => {
  const at = (start = 0) => {
    let now = start;
    const limit = createRateLimit(60, () => now);
    return { limit, pass: (ms: number) => (now += ms) };
  };
  const takeAll = (limit: ReturnType<typeof createRateLimit>, times: number) =>
    Array.from({ length: times }, () => limit.take("a", 1));

  it("lets ten through at once, then says how long to wait", () => {
    const { limit } = at();
    expect(takeAll(limit, 12)).toEqual([...Array(10).fill(undefined), 1, 1]);
  });

  it("lets one through each second afterwards", () => {
    const { limit, pass } = at();
    takeAll(limit, 10);
    pass(1000);
    expect(takeAll(limit, 2)).toEqual([undefined, 1]);
  });

  it("is as fresh as ever after a pause", () => {
    const { limit, pass } = at();
    takeAll(limit, 10);
    pass(3_600_000);
    expect(takeAll(limit, 11)).toEqual([...Array(10).fill(undefined), 1]);
  });

  it("counts each caller alone", () => {
    const { limit } = at();
    takeAll(limit, 10);
    expect(limit.take("b", 1)).toBeUndefined();
  });

  it("counts the messages of a batch, and makes up for one that is larger than the burst", () => {
    const { limit } = at();
    expect(limit.take("a", 8)).toBeUndefined();
    expect(limit.take("a", 8)).toBe(6);
    expect(limit.take("b", 40)).toBeUndefined();
    expect(limit.take("b", 1)).toBe(31);
  });

  it("keeps nothing of callers who have long been quiet", () => {
    const { limit, pass } = at();
    for (let index = 0; index < 5000; index += 1) limit.take(`caller-${index}`, 1);
    pass(60_000);
    expect(limit.take("caller-1", 10)).toBeUndefined();
  });
});

describe("a server with a rate limit", () => {
  let server: HttpServed;
  let file: TokenFile;
  let busy: Minted;
  let calm: Minted;
  beforeAll(async () => {
    [busy, calm] = await Promise.all([mint("busy"), mint("calm")]);
    file = tokenFile(busy.entry, calm.entry);
    server = await serveHttp(["--tokens", file.path, "--rate-limit", "30"]);
  });
  afterAll(async () => {
    await server.end("SIGTERM");
    file.remove();
  });

  const list = ({ token }: Minted) => post(server.url, modern("tools/list"), bearer(token));

  it("answers too many requests of one caller with 429 and when to come again", async () => {
    const responses = await Promise.all(Array.from({ length: 12 }, () => list(busy)));
    const statuses = responses.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(7);
    const [refused] = responses.filter(({ status }) => status === 429);
    expect(refused?.headers.get("retry-after")).toMatch(/^[12]$/);
  });

  it("goes on answering others", async () => {
    expect((await list(calm)).status).toBe(200);
  });

  it("does not count those whom nobody knows against anybody", async () => {
    const strangers = Array.from({ length: 20 }, () => post(server.url, modern("tools/list")));
    expect(new Set((await Promise.all(strangers)).map(({ status }) => status))).toEqual(
      new Set([401]),
    );
  });
});

describe("without authentication", () => {
  it("there is no limit unless one is set", async () => {
    const server = await serveHttp();
    try {
      const all = Array.from({ length: 150 }, () => post(server.url, modern("tools/list")));
      expect(new Set((await Promise.all(all)).map(({ status }) => status))).toEqual(new Set([200]));
    } finally {
      await server.end("SIGTERM");
    }
  });
});
