import { expect, test } from "vitest";
import { start } from "../harness.ts";

test("the system status names the service and, for a service account, no key", async () => {
  const { api, links } = await start();
  const response = await api("GET", "");
  expect(response.at()).toEqual({
    apiKey: null,
    appName: "MongoDB Atlas",
    build: expect.stringMatching(/^[0-9a-f]{40}$/),
    links: [{ href: `${links}`, rel: "self" }],
    throttling: false,
  });
});
