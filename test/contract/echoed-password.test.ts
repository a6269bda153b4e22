import { describe, expect, it } from "vitest";
import { connect } from "../support/clients.ts";
import { json, type Responder, startFakeAtlas } from "../support/fake-atlas.ts";
import { passwordsFolder } from "../support/passwords-folder.ts";

const passwords = passwordsFolder();
const groupId = "c".repeat(24);

type Echo = (
  body: string,
) => Parameters<typeof json> extends [unknown, ...infer Rest] ? Rest : never;

const failing =
  (status: number, more: (body: string) => object): Echo =>
  (body) => [status, { error: status, parameters: [], ...more(body) }];

const echoes: [what: string, echo: Echo][] = [
  [
    "a 400 with the request in its detail",
    failing(400, (detail) => ({ errorCode: "NEW", detail })),
  ],
  [
    "a 403 with it in its reason",
    failing(403, (body) => ({ errorCode: "NEW", reason: JSON.parse(body).password })),
  ],
  ["a 500 with the request in its detail", failing(500, (detail) => ({ detail }))],
  ["a 201 with all that was sent", (body) => [201, JSON.parse(body)]],
];

describe("a generated password that Atlas sends back", () => {
  it.each(echoes)("in %s reaches neither the answer nor the log", async (_what, echo) => {
    let sent = "";
    const respond: Responder = ({ method, path, body }, response) => {
      if (path.includes("/databaseUsers/admin/"))
        return json(response, 404, { error: 404, errorCode: "USERNAME_NOT_FOUND" });
      if (method !== "POST" || !path.endsWith("/databaseUsers")) return undefined;
      sent = JSON.parse(body).password;
      return json(response, ...echo(body));
    };
    const fakeAtlas = await startFakeAtlas(respond);
    const driver = await connect("v2 modern", {
      env: {
        ...passwords.env,
        MONGODB_ATLAS_BASE_URL: fakeAtlas.url,
        MONGODB_ATLAS_CLIENT_ID: "mdb_sa_id_echo",
        MONGODB_ATLAS_CLIENT_SECRET: "mdb_sa_sk_echo",
        ATLAS_MCP_LOG_LEVEL: "debug",
        ATLAS_MCP_DEADLINE_MS: "1500",
      },
    });
    const args = { groupId, username: "app" };
    const { text, structured } = await driver.call("create_database_user", args);
    await driver.close();
    await fakeAtlas.close();
    expect(sent).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(["ok", "error"]).toContain(structured.status);
    expect(text + driver.stderr()).not.toContain(sent);
  });
});
