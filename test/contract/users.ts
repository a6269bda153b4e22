/** Database users of the sandbox, and the calls about them. */
import type { Fixture } from "./fixture.ts";

export const role = (roleName: string, databaseName = "admin") => ({ roleName, databaseName });
export const cluster = (name: string) => ({ name, type: "CLUSTER" });
export const soon = (hours: number) =>
  `${new Date(Date.now() + hours * 3_600_000).toISOString().slice(0, 19)}Z`;

/** A user that something else has made: no file of this server has its password. */
export const makeUser = ({ sandbox, groupId }: Fixture, more: object = {}) =>
  sandbox.make(`/groups/${groupId}/databaseUsers`, {
    databaseName: "admin",
    groupId,
    username: "app",
    password: "made-elsewhere",
    roles: [role("read", "app")],
    ...more,
  });

export const make = ({ driver, groupId }: Fixture, more: object = {}) =>
  driver.call("create_database_user", { groupId, username: "app", ...more });

export const update = ({ driver, groupId }: Fixture, more: object) =>
  driver.call("update_database_user", { groupId, username: "app", ...more });

export const userIn = async ({ sandbox }: Fixture) => (await sandbox.state()).users[0];

export const patches = async ({ sandbox }: Fixture) =>
  (await sandbox.state()).requests.filter(({ method }) => method === "PATCH").length;
