import { expect, it } from "vitest";
import { runCommand } from "../support/bundle.ts";
import { modern, serveHttp } from "../support/http.ts";
import { startSandbox } from "../support/live-sandbox.ts";
import { goByItself } from "./bare-way.ts";

it("curl goes the way there and back over HTTP", async () => {
  const sandbox = await startSandbox();
  const server = await serveHttp(["--allow-delete"], sandbox.env);
  try {
    await goByItself(async (tool, args) => {
      const { headers, body } = modern("tools/call", { name: tool, arguments: args });
      const all = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
      const command = ["-sS", "-X", "POST", server.url, ...all, "-d", JSON.stringify(body)];
      const { code, stdout } = await runCommand("curl", command, {});
      expect(code).toBe(0);
      const text = stdout.startsWith("{") ? stdout : (/^data: (.*)$/m.exec(stdout)?.[1] ?? "");
      return JSON.parse(text).result.structuredContent;
    }, sandbox);
  } finally {
    await server.end("SIGTERM");
    await sandbox.close();
  }
});
