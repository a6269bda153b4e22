/** Who reads each setting, so that one which is declared and not read does not compile. */
import type { Config } from "../config/config.ts";
import type { ContainerSettings } from "../container.ts";
import type { HttpSettings } from "./http.ts";

/** What the doctor tells and nobody else reads. */
type DoctorSettings = Pick<Config, "notes">;

type Unread = Exclude<keyof Config, keyof (ContainerSettings & HttpSettings & DoctorSettings)>;

/** A member for each setting without a reader: where one is missing here, its setting does nothing. */
export const unreadSettings: Record<Unread, never> = {};
