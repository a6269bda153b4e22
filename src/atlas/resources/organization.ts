/** An organization, and what Atlas returns about the caller's roles. */
import * as z from "zod/v4";
import { flag, soft, text } from "./fields.ts";

/** An organization as Atlas returns it. */
export const organizationSchema = z.looseObject({
  id: text,
  name: text,
  isDeleted: flag,
});

/** A service account; only its roles are used. */
export const serviceAccountSchema = z.looseObject({ roles: soft(z.array(z.string())) });

/** The API's status, which has the roles of the calling API key by organization or project. */
export const systemStatusSchema = z.looseObject({
  apiKey: soft(
    z.looseObject({
      roles: soft(z.array(z.looseObject({ orgId: text, roleName: text }))),
    }),
  ),
});

export type Organization = z.output<typeof organizationSchema>;
