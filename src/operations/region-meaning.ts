/** Finds the region that somebody means who does not give it the name that Atlas has for it. */
import { nearest } from "../common/spelling.ts";
import { regionNames } from "./region-names.ts";

/** Only the letters and digits of a name: people write US_EAST_1 as us-east-1, "us east 1" and useast1. */
const squash = (text: string): string =>
  text
    .normalize("NFD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");

/** Atlas's names of the regions that each squashed name may mean. */
type Index = ReadonlyMap<string, readonly string[]>;

const indexes = new Map<string, Index>();

const indexOf = (provider: string): Index => {
  const known = indexes.get(provider);
  if (known !== undefined) return known;
  const index = new Map<string, string[]>();
  for (const [atlasName, others] of Object.entries(regionNames[provider] ?? {}))
    for (const name of [atlasName, ...others.split(",")]) {
      const key = squash(name);
      index.set(key, [...new Set([...(index.get(key) ?? []), atlasName])]);
    }
  indexes.set(provider, index);
  return index;
};

// What people write before or after a name and does not change it.
const around: Readonly<Record<string, string>> = {
  AWS: "aws|amazonwebservices|amazon",
  GCP: "gcp|googlecloudplatform|googlecloud|google",
  AZURE: "microsoftazure|microsoft|azure",
};

/** A squashed name without the name of its own provider and the word "region". */
const bare = (provider: string, text: string): string =>
  squash(text)
    .replace(new RegExp(`^(?:${around[provider] ?? "region"}|region)+`), "")
    .replace(/region$/, "");

// Says about where, and narrows nothing down.
const broad =
  /^(us|usa|unitedstates|america|northamerica|southamerica|latinamerica|europe|eu|asia|asiapacific|apac|pacific|africa|middleeast)?(north|south|east|west|central)*$/;

const meaningOf = (provider: string, name: string): readonly string[] | undefined => {
  const index = indexOf(provider);
  // A zone of a region, such as us-east-1a, means the region.
  return index.get(name) ?? index.get(name.replace(/(?<=\d)[a-f]$/, ""));
};

/** Where a text has parts, all of them must mean the same: "eu-west-1 (Ireland)", "US East (Ohio)", "Dublin, Ireland". */
const meaningOfParts = (provider: string, text: string): readonly string[] => {
  const parts = text
    .split(/[(),;:/|]|\s[-\u2013\u2014]\s/)
    .map((part) => bare(provider, part))
    .filter((part) => part !== "");
  const meanings = parts
    .map((part) => meaningOf(provider, part) ?? (broad.test(part) ? undefined : []))
    .filter((meaning) => meaning !== undefined);
  const [first = [], ...others] = meanings;
  return first.filter((name) => others.every((meaning) => meaning.includes(name)));
};

/** A name in the form of Atlas's names. */
export const inAtlasForm = (name: string): string =>
  name
    .trim()
    .toUpperCase()
    .replace(/[\s-]+/g, "_");

/** Atlas's names of the regions that a text may mean: one, or several such as for a country; none if it means none. */
export const regionsMeant = (provider: string, text: string): readonly string[] =>
  meaningOf(provider, bare(provider, text)) ?? meaningOfParts(provider, text);

/** The same for a region of any provider. A name that Atlas has means itself, whatever another provider calls so. */
export const regionsMeantAnywhere = (text: string): readonly string[] => {
  const providers = Object.keys(regionNames);
  const own = inAtlasForm(text);
  if (providers.some((provider) => Object.hasOwn(regionNames[provider] ?? {}, own))) return [own];
  return [...new Set(providers.flatMap((provider) => regionsMeant(provider, text)))];
};

/** Whether a text is surely not the name that Atlas has for a region. */
export const isUnusual = (provider: string, text: string): boolean =>
  inAtlasForm(text) !== text || regionsMeant(provider, text).some((name) => name !== text);

/**
 * The region that a text of one wrong letter means. Digits and the first two letters must be right: CA_EAST_1 is one letter
 * from SA_EAST_1, and on another continent. Undefined if it is a name itself, or if it may be several.
 */
export const misspelt = (provider: string, text: string): string | undefined => {
  const word = bare(provider, text);
  const start = word.slice(0, 2);
  const digits = word.replace(/\D/g, "");
  const index = indexOf(provider);
  if (word.length < 5 || index.has(word)) return undefined;
  const near = [...index.keys()].filter(
    (key) => key.startsWith(start) && key.replace(/\D/g, "") === digits,
  );
  const found = nearest(word, near, 1);
  const [meant, ...others] = (found !== undefined && index.get(found)) || [];
  if (meant === undefined || others.length > 0) return undefined;
  const isOther = (key: string) => !index.get(key)?.includes(meant);
  return nearest(word, near.filter(isOther), 1) === undefined ? meant : undefined;
};
