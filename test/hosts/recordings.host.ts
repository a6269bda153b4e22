import { describe, expect, it } from "vitest";
import { start, type TestResponse } from "../sandbox/harness.ts";
import { clusterScenes } from "./recorded-cluster-scenes.ts";
import { scenes as otherScenes, unreachable } from "./recorded-scenes.ts";
import { formOf, type Recording, readRecordings, recordingFiles } from "./recordings.ts";
import { reportMissing } from "./reference-files.ts";

const bodyOf = ({ text }: TestResponse): unknown => (text === "" ? null : JSON.parse(text));

/** What is compared of an answer, as far as the recording has it. */
const partsOf = (response: TestResponse, { rateLimit, body }: Recording) => ({
  status: response.status,
  contentType: response.headers.get("content-type"),
  rateLimit: rateLimit === undefined ? undefined : response.headers.get("ratelimit-limit"),
  form: body === undefined ? undefined : formOf(bodyOf(response)),
});

const scenes = { ...otherScenes, ...clusterScenes };

const recordings = readRecordings();

if (recordings === undefined) {
  reportMissing(recordingFiles.join(" or "), "the sandbox is NOT compared with recorded answers");
} else
  describe("the recorded answers of Atlas", () => {
    it("are all either reached by the sandbox or listed with the reason why not", () => {
      const known = [...Object.keys(scenes), ...Object.keys(unreachable)];
      const names = recordings.map(({ name }) => name);
      expect([...new Set(names.filter((name) => !known.includes(name)))]).toEqual([]);
      expect(known.filter((name) => !names.includes(name))).toEqual([]);
    });

    const reached = recordings.flatMap((recording) => {
      const scene = scenes[recording.name];
      return scene === undefined ? [] : [[recording.name, recording, scene] as const];
    });

    it.each(reached)("%s", async (_name, recording, scene) => {
      const { status, contentType, rateLimit, body } = recording;
      const form = body === undefined ? undefined : formOf(body);
      const response = await scene(await start());
      expect(partsOf(response, recording)).toEqual({ status, contentType, rateLimit, form });
    });
  });
