import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileClock } from "../support/fast-clock.ts";
import { type Recording, startRecording } from "./recording.ts";

const clock = fileClock();

let recording: Recording;
beforeEach(async () => {
  recording = await startRecording(clock);
});
afterEach(async () => {
  await recording.driver.close();
  await recording.close();
});

const revoked = () =>
  recording.seen
    .filter((one) => one.path === "/api/oauth/revoke")
    .map((one) => new URLSearchParams(one.body).get("token"));

const minted = () => recording.seen.filter((one) => one.path === "/api/oauth/token").length;

describe("the access token", () => {
  it("is asked for with the service account, as a form", async () => {
    await recording.driver.call("list_projects");
    const [mint] = recording.seen;
    const basic = Buffer.from("mdb_sa_id_recording:mdb_sa_sk_recording").toString("base64");
    expect(mint).toMatchObject({
      method: "POST",
      path: "/api/oauth/token",
      headers: {
        authorization: `Basic ${basic}`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: "grant_type=client_credentials",
    });
  });

  it("is not asked for before the first call that needs it", async () => {
    await recording.driver.listTools();
    expect(recording.seen).toEqual([]);
  });

  it("is not asked for by a call whose arguments are wrong", async () => {
    await recording.driver.call("create_project", { name: "a b" });
    expect(recording.seen).toEqual([]);
  });

  it("is asked for once by many calls at once", async () => {
    await Promise.all([1, 2, 3, 4, 5].map(() => recording.driver.call("list_projects")));
    expect(minted()).toBe(1);
  });

  it("is given back when the client closes", async () => {
    await recording.driver.call("list_projects");
    await recording.driver.close();
    expect(revoked()).toEqual([recording.token]);
  });

  it("is not given back where none was taken", async () => {
    await recording.driver.listTools();
    await recording.driver.close();
    expect(recording.seen).toEqual([]);
  });
});
