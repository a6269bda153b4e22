/** What declarations of commands are made of: flags, and the settings of the server as flags. */
import { helpOf, type NamedSetting, settings } from "../config/settings.ts";
import type { Flag } from "./command.ts";

type IsOffered = (setting: NamedSetting) => boolean;

/** The flags of these settings. */
export const flagsOf = (isOffered: IsOffered): Record<string, Flag> =>
  Object.fromEntries(
    settings.flatMap((setting) => {
      if (setting.flag === undefined || !isOffered(setting)) return [];
      const { topic } = setting;
      const type = setting.boolean ? "boolean" : "string";
      const help = helpOf(setting).replace(/^http: /, "");
      return [
        [
          setting.flag,
          { type, value: setting.value ?? "VALUE", help, variable: setting.env[0], topic } as const,
        ],
      ];
    }),
  );

/** The same flags without their topics, for a command that has few. */
export const plain = (flags: Record<string, Flag>): Record<string, Flag> =>
  Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [name, { ...flag, topic: undefined }]),
  );

/** These settings, as flags and as variables. */
const offered = (isOffered: IsOffered) => ({
  flags: flagsOf(isOffered),
  variables: settings.filter((setting) => setting.flag === undefined && isOffered(setting)),
});

/** The settings of the server over stdio. */
export const server = offered(({ http }) => http !== true);
/** Those and the settings of `http`. */
export const everything = offered(() => true);

export const text = (value: string, help: string): Flag => ({ type: "string", value, help });
export const toggle = (help: string): Flag => ({ type: "boolean", help });
export const json = toggle("answers in JSON");
