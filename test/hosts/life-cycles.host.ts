import { describe, expect, it } from "vitest";
import { play, type Step } from "../sandbox/life-cycles/play.ts";
import { referenceJson, reportMissing } from "./reference-files.ts";

type LifeCycle = { client: string; requests: Step[] };

const name = "lifecycles.json";
const found: LifeCycle[] | undefined = referenceJson(name);

/**
 * The one mend of the file: a name was removed from the body of a create, but not from the encoded path of the read of
 * the same user.
 */
const mend = (cycle: LifeCycle): LifeCycle => {
  const text = JSON.stringify(cycle);
  const mended = text.replaceAll("ellen%40example.com", "user%40example.com");
  if (mended !== text) console.log(`Mended in ${name}, ${cycle.client}: the user in a path.`);
  return JSON.parse(mended);
};

if (found === undefined) {
  reportMissing(name, "the life cycles of real clients are NOT played");
} else
  describe("the life cycles of real clients", () => {
    it.each(found.map(mend).map((cycle) => [cycle.client, cycle.requests] as const))(
      "%s",
      async (_client, requests) => {
        expect(await play(requests)).toEqual([]);
      },
    );
  });
