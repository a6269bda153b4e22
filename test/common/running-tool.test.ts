import { expect, it, onTestFinished } from "vitest";
import { forTool } from "../../src/common/running-tool.ts";
import { readConfig } from "../../src/config/config.ts";
import { openFakeAtlas, openHttp } from "../support/atlas.ts";
import { connect } from "../support/clients.ts";
import { json } from "../support/fake-atlas.ts";
import { startSandbox } from "../support/live-sandbox.ts";
import { startProxy } from "../support/proxy.ts";

const never = new AbortController().signal;

/** Two calls at once, which do not take each other's name. */
it("is named in each request of its call to a sandbox, and not in those of others", async () => {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const driver = await connect("v2 modern", { env: sandbox.env });
  onTestFinished(() => driver.close());
  const page = await fetch(`${sandbox.url}/_sandbox/events`);
  const { orgId } = sandbox;
  await Promise.all([
    driver.call("create_project", { name: "shop", orgId }),
    driver.call("list_projects", { orgId }),
  ]);
  await fetch(`${sandbox.url}/api/atlas/v2/nonsense`);
  const tools = new Map<string, string[]>();
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of page.body ?? []) {
    text += decoder.decode(part, { stream: true });
    // The path itself is not shown: the API has none such.
    if (text.includes('"operation":null')) break;
  }
  for (const [, data = "{}"] of text.matchAll(/^data: (.*)$/gm))
    for (const { operation, tool } of JSON.parse(data).requests ?? [])
      tools.set(`${operation}`, [...(tools.get(`${operation}`) ?? []), `${tool}`]);
  expect(new Set(tools.get("createGroup"))).toEqual(new Set(["create_project"]));
  expect(new Set(tools.get("getOrgGroups") ?? tools.get("listOrgGroups"))).toEqual(
    new Set(["create_project", "list_projects"]),
  );
  expect(tools.get("null")).toEqual(["undefined"]);
});

it("is not named beyond this machine, also through a proxy that is here", async () => {
  const server = await openFakeAtlas((_seen, response) => json(response, 200, {}));
  const proxy = await startProxy({ "atlas.test:80": Number(new URL(server.url).port) });
  onTestFinished(() => proxy.close());
  const { proxies } = readConfig({ HTTP_PROXY: proxy.url }, {});
  const { send } = openHttp(2000, proxies);
  await forTool("get_account", async () => {
    for (const url of [server.url, "http://atlas.test"])
      expect(await send({ method: "GET", url, headers: {} }, never)).toHaveProperty("response");
  });
  await send({ method: "GET", url: server.url, headers: {} }, never);
  const names = server.seen.map(({ headers }) => headers["mcp-name"]);
  expect(names).toEqual(["get_account", undefined, undefined]);
});
