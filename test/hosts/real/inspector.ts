/** The page of the MCP Inspector in Chromium, with the server in it. */
import { createServer } from "node:net";
import { installed, launchChromium, node24 } from "../tools.ts";
import { wordsOf } from "./page.ts";
import { type Stage, startStage } from "./stage.ts";

export const host = "MCP Inspector";

const inspector = installed("@modelcontextprotocol/inspector/clients/launcher/build/index.js");

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
};

export type Inspector = {
  stage: Stage;
  page: any;
  /** Opens what has this title. */
  open(title: string): Promise<void>;
  close(): Promise<void>;
};

/** Opens the page, connected to the server; `settings` are variables of the server besides its usual ones. */
export const openInspector = async (settings: Record<string, string> = {}): Promise<Inspector> => {
  const stage = await startStage(() => []);
  const [, ...words] = wordsOf(host, "-e", { ...stage.serverEnv, ...settings });
  const terminal = stage.open(node24(), [inspector, ...words], {
    CLIENT_PORT: String(await freePort()),
    MCP_AUTO_OPEN_ENABLED: "false",
    MCP_INSPECTOR_SECRET_STORE: "memory",
  });
  const shown = await terminal.shows(/up and running at:\s+http\S+\s*\n/);
  const [, url = ""] = /running at:\s+(http\S+)/.exec(shown) ?? [];
  const browser = await launchChromium();
  const page = await browser.newPage();
  await page.goto(url);
  await page.getByRole("switch").first().click({ force: true });
  await page.getByText("Connected", { exact: true }).waitFor();
  return {
    stage,
    page,
    open: (title) => page.getByText(title, { exact: true }).first().click(),
    close: async () => {
      await browser.close();
      await stage.close();
    },
  };
};
