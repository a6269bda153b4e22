/** Who reads each setting, so that one which is declared and not read does not compile. */
import type { Config } from "../config/config.ts";
import type { ContainerSettings } from "../container.ts";
import type { DoctorSettings } from "./doctor/settings.ts";
import type { HttpSettings } from "./http-access.ts";

type Unread = Exclude<keyof Config, keyof (ContainerSettings & HttpSettings & DoctorSettings)>;

/** Empty. If this does not compile: name the setting in the list of the part that reads it. */
export const unreadSettings: Record<Unread, never> = {};
