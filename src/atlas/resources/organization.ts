/** An organization, and what Atlas says of who calls it. */
import * as z from "zod/v4";
import { flag, soft, text } from "./fields.ts";

/** An organization as Atlas returns it. */
export const organizationSchema = z.looseObject({
  id: text,
  name: text,
  isDeleted: flag,
});

/** A service account, as far as its roles go. */
export const serviceAccountSchema = z.looseObject({ roles: soft(z.array(z.string())) });

/** What the API says of its caller: an API key's roles by organization or project. */
export const systemStatusSchema = z.looseObject({
  apiKey: soft(
    z.looseObject({
      roles: soft(z.array(z.looseObject({ orgId: text, roleName: text }))),
    }),
  ),
});

export type Organization = z.output<typeof organizationSchema>;
