/** A cluster of some age, and reads of its snapshots. */
import { type Harness, start } from "../harness.ts";

export const day = 86_400_000;

/** A read with a token of its own, because one lives shorter than a snapshot takes to come. */
const readWith =
  ({ oauth, api }: Harness) =>
  async (path: string) => {
    const token = (await oauth("token", { grant_type: "client_credentials" })).string(
      "access_token",
    );
    return api("GET", path, { token });
  };

/** A project with one cluster that is as old as this; both were made at 2026-08-10T03:02:55Z. */
export const startWith = async (age: number, fault?: string) => {
  const harness = await start();
  const id = await harness.createProject("shop");
  if (fault !== undefined) await harness.script("createGroupFlexCluster", fault);
  await harness.createCluster(id, "db");
  harness.pass(age);
  const path = `/groups/${id}/flexClusters/db/backup/snapshots`;
  return { ...harness, id, path, read: readWith(harness) };
};
