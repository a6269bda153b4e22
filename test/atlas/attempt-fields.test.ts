import { describe, expect, it } from "vitest";
import { attemptFields } from "../../src/atlas/attempt-fields.ts";
import type { Attempt } from "../../src/atlas/http.ts";

const reply = (status: number, json?: unknown): Attempt => ({
  response: { status, headers: { "x-secret": "canary" }, json, empty: json === undefined },
});

const url = "https://atlas.test/api/atlas/v2/groups";

describe("the line about a request", () => {
  it("has its method, path, status and time, and nothing of its answer", () => {
    expect(attemptFields("GET", reply(200, { password: "canary" }), 12.6, url)).toEqual({
      method: "GET",
      path: "/api/atlas/v2/groups",
      ms: 13,
      status: 200,
    });
  });

  it("has the path as it was sent, with dots, and no text of its query", () => {
    const { path } = attemptFields("GET", reply(200), 1, `${url}/%2E%2E/x?name=canary&pageNum=2`);
    expect(path).toBe("/api/atlas/v2/groups/%2E%2E/x?name=...&pageNum=2");
  });

  it("has the code of an error, as text of somebody else", () => {
    const json = { error: 409, errorCode: `GROUP\u0007${"X".repeat(500)}`, detail: "canary" };
    const fields = attemptFields("POST", reply(409, json), 1, url);
    expect(fields.errorCode).toMatch(/^GROUP X{94}…$/);
    expect(JSON.stringify(fields)).not.toContain("canary");
  });

  it("says what broke, whether anything had left, and at which proxy", () => {
    const error = { code: "PROXY_407", message: "canary", sent: false, at: "proxy" as const };
    const fields = attemptFields("GET", { error: { ...error, proxy: "proxy.test:3128" } }, 1, url);
    expect(fields).toEqual({
      method: "GET",
      path: "/api/atlas/v2/groups",
      ms: 1,
      error: "PROXY_407",
      sent: false,
      at: "proxy",
      proxy: "proxy.test:3128",
    });
  });

  it.each([
    ["?pageNum=2&itemsPerPage=500", "?pageNum=2&itemsPerPage=500"],
    ["?name=my%20shop&itemsPerPage=500", "?name=...&itemsPerPage=500"],
    ["?itemsPerPage=500&name=shop", "?itemsPerPage=500&name=..."],
    ["?name=&includeCount=true", "?name=...&includeCount=true"],
    ["?name=7up", "?name=..."],
    ["", ""],
  ])("shows of the query %j only numbers and truth values", (query, shown) => {
    expect(attemptFields("GET", reply(200), 1, `${url}${query}`).path).toBe(
      `/api/atlas/v2/groups${shown}`,
    );
  });
});
