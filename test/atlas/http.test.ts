import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Fate, settle } from "../../src/atlas/fate.ts";
import type { Attempt, HttpRequest } from "../../src/atlas/http.ts";
import { isRecord } from "../../src/common/json.ts";
import { openFakeAtlas, openHttp } from "../support/atlas.ts";
import { json, type Responder } from "../support/fake-atlas.ts";

/** What became of a request whose success is any object with members. */
const fateOf = (attempt: Attempt): Fate =>
  settle(attempt, {
    read: (json) => (isRecord(json) && Object.keys(json).length > 0 ? { value: json } : undefined),
  }).fate;

const never = new AbortController().signal;

const post = (url: string): HttpRequest => ({
  method: "POST",
  url,
  headers: { "content-type": "application/json" },
  body: "{}",
});

const half: Responder = (_seen, response) => {
  response.writeHead(201, { "content-type": "application/json", "content-length": "100" });
  response.write('{"id": "1"');
  return true;
};

/** What one POST to such a server ends with. */
const attemptAt = async (respond: Responder, timeoutMs = 5000): Promise<Attempt> => {
  const { url } = await openFakeAtlas(respond);
  return openHttp(timeoutMs).send(post(url), never);
};

describe("an exchange with a server that", () => {
  it.each<[what: string, Responder, Fate]>([
    ["answers", (_, response) => json(response, 201, { id: "1" }), "accepted"],
    [
      "resets the connection before it answers",
      (_, response) => {
        response.socket?.resetAndDestroy();
        return true;
      },
      "unknown",
    ],
    [
      "resets the connection within the body",
      (seen, response, count) => {
        half(seen, response, count);
        // After the head is out: the flushed bytes come first on the wire.
        response.socket?.write("", () => response.socket?.resetAndDestroy());
        return true;
      },
      "unknown",
    ],
    [
      "closes the connection before the body has its length",
      (seen, response, count) => {
        half(seen, response, count);
        response.socket?.end();
        return true;
      },
      "unknown",
    ],
    [
      "closes the connection without a word",
      (_, response) => {
        response.socket?.end();
        return true;
      },
      "unknown",
    ],
    [
      "answers 200 with a page",
      (_, response) => json(response, 200, "<html>Log in</html>", { "content-type": "text/html" }),
      "unknown",
    ],
    ["answers 201 with half a JSON", (_, response) => json(response, 201, '{"id": "1'), "unknown"],
    ["answers 201 with nothing", (_, response) => json(response, 201, ""), "unknown"],
    [
      "answers 503 with a page",
      (_, response) => json(response, 503, "<html>Busy</html>", { "content-type": "text/html" }),
      "unknown",
    ],
    [
      "refuses and breaks off within the body",
      (_, response) => {
        response.writeHead(409, { "content-length": "100" });
        response.write('{"error": 409');
        response.socket?.end();
        return true;
      },
      "unknown",
    ],
    [
      "speaks no HTTP",
      (_, response) => {
        response.socket?.end("220 mail.example.com ESMTP\r\n");
        return true;
      },
      "unknown",
    ],
  ])("%s", async (_what, respond, fate) => {
    expect(fateOf(await attemptAt(respond))).toBe(fate);
  });

  it("is silent ends with the attempt's time, unknown", async () => {
    const startedAt = performance.now();
    const attempt = await attemptAt(() => true, 100);
    expect(fateOf(attempt)).toBe("unknown");
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });

  it("begins its answer and then is silent ends with the attempt's time, unknown", async () => {
    expect(fateOf(await attemptAt(half, 100))).toBe("unknown");
  });

  it("answers when nobody waits any more does not spoil the next exchange", async () => {
    const { url } = await openFakeAtlas((_seen, response, count) => {
      if (count > 1) return json(response, 200, { count });
      response.on("close", () => response.end('{"late": true}'));
      return true;
    });
    const { send: exchange } = openHttp(100);
    expect(fateOf(await exchange(post(url), never))).toBe("unknown");
    expect(await exchange(post(url), never)).toMatchObject({ response: { json: { count: 2 } } });
  });

  it("answers in pieces of one byte is read whole", async () => {
    const attempt = await attemptAt((_seen, response) => {
      for (const byte of '{"name": "Größe"}') response.write(byte);
      response.end();
      return true;
    });
    expect(attempt).toMatchObject({ response: { status: 200, json: { name: "Größe" } } });
  });
});

/** A port of this machine that nobody listens on. */
const closedPort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return address.port;
};

describe("a request that never left", () => {
  const fateAt = async (url: string, signal = never) =>
    fateOf(await openHttp().send(post(url), signal));

  it("since nobody listens is not sent", async () => {
    expect(await fateAt(`http://127.0.0.1:${await closedPort()}`)).toBe("not_sent");
  });

  it("since the host has no address is not sent", async () => {
    expect(await fateAt("http://nowhere.invalid")).toBe("not_sent");
  });

  it("since the other side speaks no TLS is not sent", async () => {
    const { url, seen } = await openFakeAtlas(() => true);
    expect(await fateAt(url.replace("http:", "https:"))).toBe("not_sent");
    expect(seen).toEqual([]);
  });

  it("since its signal had ended before is not sent", async () => {
    const { url, seen } = await openFakeAtlas(() => true);
    expect(await fateAt(url, AbortSignal.abort())).toBe("not_sent");
    expect(seen).toEqual([]);
  });
});

describe("an HTTP client", () => {
  it("gives up an exchange when its signal ends", async () => {
    const caller = new AbortController();
    const { url } = await openFakeAtlas(() => {
      caller.abort();
      return true;
    });
    const attempt = await openHttp().send(post(url), caller.signal);
    expect(fateOf(attempt)).toBe("unknown");
  });

  it("is not kept by an exchange that hangs when it closes", async () => {
    let arrived = () => {};
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const { url } = await openFakeAtlas(() => {
      arrived();
      return true;
    });
    const http = openHttp(60_000);
    onTestFinished(() => http.close());
    const hanging = http.send(post(url), never);
    await arrival;
    await http.close();
    expect(await hanging).toHaveProperty("error");
  });
});
