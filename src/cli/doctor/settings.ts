/** The settings that the doctor reads. */
import type { Config } from "../../config/config.ts";

export type DoctorSettings = Pick<
  Config,
  | "audit"
  | "backend"
  | "baseUrl"
  | "credentials"
  | "credentialsDir"
  | "deadlineMs"
  | "ephemeral"
  | "notes"
  | "policy"
  | "readOnly"
  | "requestTimeoutMs"
  | "store"
  | "scope"
>;
