/** A response of Atlas as `classify` takes it. */
import type { AtlasResponse } from "../../src/atlas/classify.ts";

export const answer = (
  status: number,
  body?: unknown,
  more: Partial<AtlasResponse> = {},
): AtlasResponse => ({
  status,
  body,
  ...more,
});
