import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { traceOf } from "../../src/common/trace.ts";
import { type FakeAtlas, startFakeAtlas } from "../support/fake-atlas.ts";
import { type HttpServed, legacy, modern, openSession, post, serveHttp } from "../support/http.ts";
import { startRaw } from "../support/raw.ts";

let atlas: FakeAtlas;
let server: HttpServed;
let env: Record<string, string>;
beforeAll(async () => {
  atlas = await startFakeAtlas(() => undefined);
  env = {
    MONGODB_ATLAS_BASE_URL: atlas.url,
    MONGODB_ATLAS_CLIENT_ID: "mdb_sa_id_trace",
    MONGODB_ATLAS_CLIENT_SECRET: "mdb_sa_sk_trace",
    ATLAS_MCP_LOG_LEVEL: "info",
  };
  server = await serveHttp([], env);
});
afterAll(async () => {
  await server.end("SIGTERM");
  await atlas.close();
});

const call = { name: "list_projects", arguments: {} };
const traceIdOf = (digit: string) => digit.repeat(32);
const parentOf = (digit: string) => `00-${traceIdOf(digit)}-${digit.repeat(16)}-01`;
const last = () => atlas.api().at(-1)?.headers ?? {};

describe("the trace of a call", () => {
  it("goes from its _meta to Atlas and into the log", async () => {
    const traceparent = parentOf("a");
    await (
      await post(server.url, modern("tools/call", call, { traceparent, tracestate: "a=1" }))
    ).text();
    expect(last()).toMatchObject({ traceparent, tracestate: "a=1" });
    expect(server.stderr()).toContain(`"traceId":"${traceIdOf("a")}"`);
  });

  it("goes from the headers of the request, in either era", async () => {
    await (
      await post(server.url, modern("tools/call", call), { traceparent: parentOf("b") })
    ).text();
    expect(last().traceparent).toBe(parentOf("b"));
    const session = await openSession(server.url);
    const message = legacy(session, "tools/call", call);
    await (await post(server.url, message, { traceparent: parentOf("c") })).text();
    expect(last().traceparent).toBe(parentOf("c"));
  });

  it("is that of the call where both have one", async () => {
    const message = modern("tools/call", call, { traceparent: parentOf("d") });
    await (await post(server.url, message, { traceparent: parentOf("e") })).text();
    expect(last().traceparent).toBe(parentOf("d"));
  });

  it("does not stay for the next call", async () => {
    await (
      await post(server.url, modern("tools/call", call, { traceparent: parentOf("f") }))
    ).text();
    await (await post(server.url, modern("tools/call", call))).text();
    expect(last().traceparent).toBeUndefined();
  });

  it("stays apart from that of a call at the same time", async () => {
    const before = atlas.api().length;
    const digits = ["1", "2", "3", "4", "5", "6"];
    await Promise.all(
      digits.map((digit) =>
        post(server.url, modern("tools/call", call, { traceparent: parentOf(digit) })),
      ),
    );
    const seen = atlas
      .api()
      .slice(before)
      .map(({ headers }) => headers.traceparent);
    expect(new Set(seen)).toEqual(new Set(digits.map(parentOf)));
  });

  it("goes to Atlas from stdio too", async () => {
    const raw = startRaw("2025", { env });
    await raw.hello();
    const traceparent = parentOf("9");
    await raw.ask("tools/call", { ...call, _meta: { traceparent } });
    await raw.close();
    expect(last().traceparent).toBe(traceparent);
  });
});

describe("what is no trace", () => {
  it.each([
    undefined,
    "",
    "nonsense",
    `ff-${"a".repeat(32)}-${"a".repeat(16)}-01`,
    `00-${"0".repeat(32)}-${"a".repeat(16)}-01`,
    `00-${"a".repeat(32)}-${"0".repeat(16)}-01`,
    `00-${"A".repeat(32)}-${"a".repeat(16)}-01`,
    `${parentOf("a")}\r\nx-other: 1`,
    [parentOf("a")],
  ])("is left out: %j", (traceparent) => {
    expect(traceOf((name) => (name === "traceparent" ? traceparent : "a=1"))).toBeUndefined();
  });

  it.each(["a\r\nb", "x".repeat(513), ""])("is left out of the state: %j", (tracestate) => {
    const read = (name: string) => (name === "traceparent" ? parentOf("a") : tracestate);
    expect(traceOf(read)).toEqual({ traceparent: parentOf("a") });
  });
});
