import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { createLineTransport, mostBytes } from "../../../src/mcp/transports/stdio-lines.ts";

/** A transport, what it has heard and what it has said. */
const open = async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const heard: unknown[] = [];
  const said: any[] = [];
  const problems: Error[] = [];
  let tooLong = 0;
  output.setEncoding("utf8").on("data", (text: string) => {
    for (const line of text.trim().split("\n")) said.push(JSON.parse(line));
  });
  const transport = createLineTransport({
    input,
    output,
    onTooLong: () => {
      tooLong += 1;
    },
  });
  transport.onmessage = (message) => heard.push(message);
  transport.onerror = (error) => problems.push(error);
  await transport.start();
  const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
  return {
    transport,
    input,
    heard,
    said,
    problems,
    tooLong: () => tooLong,
    write: async (...chunks: (string | Buffer)[]) => {
      for (const chunk of chunks) {
        input.write(chunk);
        await turn();
      }
    },
    end: async () => {
      input.end();
      await turn();
    },
  };
};

const filler = (bytes: number) => Buffer.alloc(bytes, "x");

describe("lines of JSON", () => {
  it.each<[string, string[]]>([
    ["in one piece", ['{"a":1}\n{"b":2}\n']],
    ["a byte order mark before the first", ['\uFEFF{"a":1}\n{"b":2}\n']],
    ["a byte order mark before each", ['\uFEFF{"a":1}\n\uFEFF{"b":2}\n']],
    ["ends of lines as Windows writes them", ['{"a":1}\r\n{"b":2}\r\n']],
    ["blank lines between", ['\n\r\n{"a":1}\n \t \n{"b":2}\n\n']],
    ["in pieces", ['{"a', '":1', '}\n{"b":', "2}", "\n"]],
    ["the last without a line break", ['{"a":1}\n{"b":2}']],
    ["as one batch", ['[{"a":1},{"b":2}]\n']],
  ])("are heard: %s", async (_what, chunks) => {
    const lines = await open();
    await lines.write(...chunks);
    await lines.end();
    expect(lines.heard).toEqual([{ a: 1 }, { b: 2 }]);
    expect(lines.said).toEqual([]);
  });

  it("keep letters whose bytes come in two pieces", async () => {
    const lines = await open();
    const bytes = Buffer.from('\uFEFF{"a":"Größe日本"}\n');
    for (let at = 1; at < bytes.length; at += 1)
      await lines.write(bytes.subarray(0, at), bytes.subarray(at));
    expect(lines.heard).toEqual(Array(bytes.length - 1).fill({ a: "Größe日本" }));
  });

  it("are answered where they are not JSON, without an id", async () => {
    const lines = await open();
    await lines.write('{"a":1\n{"b":2}\n');
    expect(lines.heard).toEqual([{ b: 2 }]);
    expect(lines.said).toEqual([
      { jsonrpc: "2.0", id: null, error: { code: -32700, message: expect.any(String) } },
    ]);
  });
});

describe("a line that is too long", () => {
  it("is answered before it ends, told once, and the next line is heard", async () => {
    const lines = await open();
    for (let sent = 0; sent <= mostBytes; sent += 1 << 20) await lines.write(filler(1 << 20));
    expect(lines.said).toEqual([
      { jsonrpc: "2.0", id: null, error: { code: -32600, message: expect.any(String) } },
    ]);
    await lines.write(filler(1 << 20), '"\n{"a":1}\n');
    expect(lines.heard).toEqual([{ a: 1 }]);
    expect([lines.said.length, lines.tooLong()]).toEqual([1, 1]);
  });

  it("is skipped where it comes in one piece with the next line", async () => {
    const lines = await open();
    await lines.write(Buffer.concat([filler(mostBytes + 1), Buffer.from('\n{"a":1}\n')]));
    expect(lines.heard).toEqual([{ a: 1 }]);
    expect([lines.said.length, lines.tooLong()]).toEqual([1, 1]);
  });

  it("is told each time", async () => {
    const lines = await open();
    const long = Buffer.concat([filler(mostBytes + 1), Buffer.from("\n")]);
    await lines.write(long, long, '{"a":1}\n');
    expect(lines.heard).toEqual([{ a: 1 }]);
    expect([lines.said.length, lines.tooLong()]).toEqual([2, 2]);
  });

  it("is skipped at the end of the input too", async () => {
    const lines = await open();
    await lines.write(filler(mostBytes + 1));
    await lines.end();
    expect([lines.said.length, lines.tooLong()]).toEqual([1, 1]);
  });

  it("has one byte more than a line that is heard", async () => {
    const lines = await open();
    await lines.write(`${JSON.stringify({ a: 1 }).padEnd(mostBytes)}\n`);
    expect(lines.heard).toEqual([{ a: 1 }]);
    expect(lines.tooLong()).toBe(0);
  });
});

describe("a transport that is closed", () => {
  it("says that it closed, hears nothing more and sends nothing", async () => {
    const lines = await open();
    let closed = 0;
    lines.transport.onclose = () => {
      closed += 1;
    };
    await lines.transport.close();
    await lines.transport.close();
    await lines.write('{"a":1}\n');
    expect(lines.heard).toEqual([]);
    expect(closed).toBe(1);
    await expect(lines.transport.send({ a: 1 })).rejects.toThrow("closed");
  });

  it("reports a failure of its input while it is open", async () => {
    const lines = await open();
    lines.input.emit("error", new Error("broken"));
    expect(lines.problems.map(({ message }) => message)).toEqual(["broken"]);
  });
});
