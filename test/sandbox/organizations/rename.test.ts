import { expect, test } from "vitest";
import { start } from "../harness.ts";

const acme = { id: "a0123456789abcdef0123451", name: "Acme Works" };

test("an organization is renamed", async () => {
  const { api } = await start({ organizations: [acme] });
  const renamed = await api("PATCH", `/orgs/${acme.id}`, { body: { name: "Acme 2" } });
  expect([renamed.status, renamed.at("name")]).toEqual([200, "Acme 2"]);
  expect((await api("GET", `/orgs/${acme.id}`)).text).toBe(renamed.text);
});
