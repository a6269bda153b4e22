import { expect, test } from "vitest";
import { start } from "../harness.ts";

// Documented in words; by its schema the parameter is one text, so Prism would refuse the request.
test("several names list the endpoint sets of all of them", async () => {
  const { api } = await start();
  const response = await api("GET", "/rateLimits?name=Flex%20Clusters&name=Alerts");
  const names = (response.at("results") as { endpointSetName: string }[]).map(
    ({ endpointSetName }) => endpointSetName,
  );
  expect(names.sort()).toEqual(["Alerts", "Flex Clusters"]);
});
