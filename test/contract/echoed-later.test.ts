import { expect, it } from "vitest";
import { connect } from "../support/clients.ts";
import { json, startFakeAtlas } from "../support/fake-atlas.ts";
import { passwordsFolder } from "../support/passwords-folder.ts";

const passwords = passwordsFolder();
const groupId = "d".repeat(24);

it("a password that Atlas repeats in later reads reaches no answer", async () => {
  let user: Record<string, unknown> | undefined;
  const fakeAtlas = await startFakeAtlas(({ method, path, body }, response) => {
    if (method === "POST" && path.endsWith("/databaseUsers")) {
      user = JSON.parse(body);
      return json(response, 201, body);
    }
    if (path.endsWith("/databaseUsers/admin/app"))
      return user === undefined
        ? json(response, 404, { error: 404, errorCode: "USERNAME_NOT_FOUND" })
        : json(response, 200, user);
    if (path.includes("/databaseUsers?")) return json(response, 200, { results: [user] });
    if (path.endsWith(`/groups/${groupId}`)) return json(response, 200, { id: groupId });
    return path.startsWith("/api/atlas/") ? json(response, 200, { results: [] }) : undefined;
  });
  const driver = await connect("v2 modern", {
    env: {
      ...passwords.env,
      MONGODB_ATLAS_BASE_URL: fakeAtlas.url,
      MONGODB_ATLAS_CLIENT_ID: "mdb_sa_id_later",
      MONGODB_ATLAS_CLIENT_SECRET: "mdb_sa_sk_later",
    },
  });
  const create = (more: object) =>
    driver.call("create_database_user", { groupId, username: "app", ...more });
  const answers = [
    await create({}),
    await create({ ifExists: "return" }),
    await create({}),
    await create({ roles: [{ roleName: "read", databaseName: "shop" }] }),
    await driver.call("get_project", { groupId }),
  ];
  await driver.close();
  await fakeAtlas.close();
  expect(user?.password).toMatch(/^[A-Za-z0-9]{32}$/);
  for (const { text, structured } of answers) {
    expect(text).not.toContain(user?.password);
    expect(JSON.stringify(structured)).not.toContain(user?.password);
    expect(text).toContain('"username":"app"');
  }
});
