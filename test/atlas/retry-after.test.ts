import { describe, expect, it } from "vitest";
import { retryAfterOf } from "../../src/atlas/http-response.ts";

// The example of RFC 9110, 5.6.7, in its three forms.
const date = Date.parse("1994-11-06T08:49:37Z");

describe("a Retry-After header", () => {
  it.each([
    ["seconds", "120", 120],
    ["none to wait", "0", 0],
    ["seconds with spaces around", " 7 ", 7],
    ["a date of today's form", "Sun, 06 Nov 1994 08:49:37 GMT", 60],
    ["a date of the form of RFC 850", "Sunday, 06-Nov-94 08:49:37 GMT", 60],
    ["a date of the form of asctime", "Sun Nov  6 08:49:37 1994", 60],
  ])("with %s is understood", (_what, value, seconds) => {
    expect(retryAfterOf(value, date - 60_000)).toBe(seconds);
  });

  it("with a date that has passed asks for no wait", () => {
    expect(retryAfterOf("Sun, 06 Nov 1994 08:49:37 GMT", date + 1)).toBe(0);
  });

  it.each([
    undefined,
    "",
    "-1",
    "1.5",
    "1e3",
    "0x10",
    "1234567890",
    "soon",
    "1994-11-06T08:49:37Z",
    "Sun, 06 Nov 1994 08:49:37",
    "Sun, 6 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 08:49:37 GMT, 5",
    "x Sun, 06 Nov 1994 08:49:37 GMT",
    "Sunday, 06-Nov-1994 08:49:37 GMT",
    "Xunday, 06-Nov-94 08:49:37 GMT",
    "Sun Nov 6 08:49:37 1994",
    "Sun Nov  6 08:49:37 94",
    "Sun, 99 Nov 1994 08:49:37 GMT",
  ])("with %j says nothing", (value) => {
    expect(retryAfterOf(value, date)).toBeUndefined();
  });
});
