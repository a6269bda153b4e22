/** The format of what `administration.ts` has, in a state file. */
import * as z from "zod/v4";
import { plainKinds } from "./administration.ts";
import { flag, id, object, optional, text, time } from "./schemas.ts";

const accessList = z.array(z.strictObject({ cidrBlock: text, createdAt: time }));

const projects = z.array(z.strictObject({ groupId: id, roles: z.array(text) }));

export const settings = z.strictObject({
  ownerId: id,
  name: text,
  changed: z.record(text, z.json()),
});

export const limit = z.strictObject({ groupId: id, name: text, value: z.int() });

export const customRole = z.strictObject({
  groupId: id,
  roleName: text,
  actions: z.array(
    z.strictObject({
      action: text,
      resources: z.array(
        z.strictObject({ cluster: flag, collection: optional(text), db: optional(text) }),
      ),
    }),
  ),
  inheritedRoles: z.array(z.strictObject({ db: text, role: text })),
});

export const team = z.strictObject({
  id,
  orgId: id,
  name: text,
  userIds: z.array(id),
  projects: z.array(z.strictObject({ groupId: id, roleNames: z.array(text) })),
});

export const serviceAccount = z.strictObject({
  clientId: text,
  orgId: id,
  name: text,
  description: text,
  roles: z.array(text),
  createdAt: time,
  secrets: z.array(
    z.strictObject({
      id,
      secret: text,
      createdAt: time,
      expiresAt: time,
      lastUsedAt: optional(time),
    }),
  ),
  accessList,
  projects,
});

export const apiKey = z.strictObject({
  id,
  orgId: id,
  desc: text,
  publicKey: text,
  privateKey: text,
  roles: z.array(text),
  accessList,
  projects,
});

export const invitedUser = z.strictObject({
  id,
  orgId: id,
  username: text,
  roles: z.array(text),
  createdAt: time,
  projects,
});

export const plainResource = z.strictObject({
  kind: z.enum(plainKinds),
  ownerId: id,
  id,
  createdAt: time,
  body: object,
});
