/** What a project or an organization has besides clusters, users and entries, as data. */
import type { JsonObject } from "../json.ts";

/** What a caller has changed in the settings of a project or an organization. */
export type Settings = {
  /** The project or the organization. */
  ownerId: string;
  name: string;
  changed: JsonObject;
};

/** A limit of a project that differs from its default. */
export type ProjectLimit = { groupId: string; name: string; value: number };

/** What a custom database role allows. An absent member is undefined: Atlas does not show it. */
export type CustomRoleAction = {
  action: string;
  resources: { cluster: boolean; collection: string | undefined; db: string | undefined }[];
};

/** A custom database role of a project. */
export type CustomRole = {
  groupId: string;
  roleName: string;
  actions: CustomRoleAction[];
  inheritedRoles: { db: string; role: string }[];
};

/** A team of an organization, with the roles that it has in projects. */
export type Team = {
  id: string;
  orgId: string;
  name: string;
  userIds: string[];
  projects: { groupId: string; roleNames: string[] }[];
};

/** A secret of a service account. Atlas shows it only when it is created. */
export type ServiceAccountSecret = {
  id: string;
  secret: string;
  createdAt: number;
  expiresAt: number;
  lastUsedAt: number | undefined;
};

/** A service account that a caller has created. The sandbox's own is not among them. */
export type ServiceAccount = {
  clientId: string;
  orgId: string;
  name: string;
  description: string;
  /** Its roles in the organization. */
  roles: string[];
  createdAt: number;
  secrets: ServiceAccountSecret[];
  accessList: { cidrBlock: string; createdAt: number }[];
  projects: { groupId: string; roles: string[] }[];
};

/** An API key that a caller has created. The sandbox's own is not among them. */
export type ApiKey = {
  id: string;
  orgId: string;
  desc: string;
  publicKey: string;
  privateKey: string;
  /** Its roles in the organization. */
  roles: string[];
  accessList: { cidrBlock: string; createdAt: number }[];
  projects: { groupId: string; roles: string[] }[];
};

/** Somebody who was invited to an organization or its projects. In the sandbox nobody ever accepts. */
export type InvitedUser = {
  id: string;
  orgId: string;
  username: string;
  /** Their roles in the organization; none for one who was invited to a project alone. */
  roles: string[];
  createdAt: number;
  projects: { groupId: string; roles: string[] }[];
};

/** The kinds of resources that clients write and read back, and that nothing else depends on. */
export const plainKinds = ["alertConfig", "flexRestoreJob", "sampleDatasetLoad"] as const;

/** A resource of such a kind. */
export type PlainResource = {
  kind: (typeof plainKinds)[number];
  /** The project. */
  ownerId: string;
  id: string;
  createdAt: number;
  body: JsonObject;
};
