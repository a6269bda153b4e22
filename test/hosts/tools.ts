/** Where the programs of this folder's own package are. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const repository = fileURLToPath(new URL("../..", import.meta.url));

/** A file of an installed package. */
export const installed = (path: string): string => {
  const file = fileURLToPath(new URL(`node_modules/${path}`, import.meta.url));
  if (!existsSync(file)) throw new Error(`${file} is missing: run npm ci in test/hosts`);
  return file;
};

export const node22 = () => installed("node22/bin/node");
export const node24 = () => installed("node24/bin/node");

/** Imports a package by the name that package.json here gives it, which the type checker does not know. */
export const load = (specifier: string): Promise<any> => import(/* @vite-ignore */ specifier);

/** Starts Debian's Chromium. It runs as root in CI, where its own sandbox cannot. */
export const launchChromium = async (...args: string[]): Promise<any> => {
  const { chromium } = await load(installed("playwright-core/index.mjs"));
  const executablePath = "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: ["--no-sandbox", ...args] });
};

/** What makes a client of mongodb-atlas-api-client, whichever way its module is exported. */
export const loadApiClient = async (): Promise<any> => {
  const loaded = await load("mongodb-atlas-api-client");
  return loaded.default?.default ?? loaded.default ?? loaded;
};

export const readJson = (path: string): any => JSON.parse(readFileSync(path, "utf8"));
