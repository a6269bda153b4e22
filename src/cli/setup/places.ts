/** Where hosts keep their files, on each system. Their own variables hold, as they do for the hosts. */
import { existsSync, readdirSync } from "node:fs";
import { posix, win32 } from "node:path";

/** Where the program runs, and for whom. */
export type Place = {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  /** The user's home. */
  home: string;
  /** The folder in which the program was started. */
  folder: string;
};

/** How paths are put together there. */
export const pathsOf = ({ platform }: Place) => (platform === "win32" ? win32 : posix);

/** A folder that a variable of the host names, else one below the user's home. */
export const folderOf = (place: Place, variable: string, ...below: string[]): string => {
  const { join, resolve } = pathsOf(place);
  const named = place.env[variable];
  return named ? resolve(place.folder, named) : join(place.home, ...below);
};

/** Where programs of the desktop keep their settings. */
export const settingsFolder = (place: Place): string => {
  if (place.platform === "win32") return folderOf(place, "APPDATA", "AppData", "Roaming");
  if (place.platform === "darwin") return posix.join(place.home, "Library", "Application Support");
  return folderOf(place, "XDG_CONFIG_HOME", ".config");
};

/** The folder of Claude Desktop. On Windows it may have been installed as a package, which has its own. */
export const claudeDesktop = (place: Place): string => {
  const { join } = pathsOf(place);
  if (place.platform !== "win32") return join(settingsFolder(place), "Claude");
  const packages = join(folderOf(place, "LOCALAPPDATA", "AppData", "Local"), "Packages");
  const found = existsSync(packages)
    ? readdirSync(packages).find((name) => /^Claude_/.test(name))
    : undefined;
  return found === undefined
    ? join(settingsFolder(place), "Claude")
    : join(packages, found, "LocalCache", "Roaming", "Claude");
};

/** The file of Cline's command line. */
export const clineFile = (place: Place): string => {
  const { join, resolve } = pathsOf(place);
  const { CLINE_MCP_SETTINGS_PATH: file, CLINE_DATA_DIR: data } = place.env;
  if (file) return resolve(place.folder, file);
  const folder = data
    ? resolve(place.folder, data)
    : join(folderOf(place, "CLINE_DIR", ".cline"), "data");
  return join(folder, "settings", "cline_mcp_settings.json");
};
