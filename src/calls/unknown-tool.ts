/** Why there is no tool of a name. */
import { nearest } from "../common/spelling.ts";
import type { Availability } from "./tool-availability.ts";

const longest = 100;

/** The name that was probably meant: one with other letters, or one that a host has put something before. */
const meantBy = (name: string, offered: readonly string[]): string | undefined =>
  offered.find((one) => name.toLowerCase().endsWith(one)) ?? nearest(name, offered);

/** Says why a tool is not offered to this caller: it is switched off, or unknown. */
export const whyNotOffered = (name: string, { tools, setup }: Availability): string => {
  const shown = `Tool ${JSON.stringify(name.slice(0, longest))}`;
  const off = setup.switchedOff.find(({ tool }) => tool === name);
  if (off !== undefined) return `${shown} is switched off: ${off.reason}.`;
  const offered = tools.map((tool) => tool.name);
  const meant = meantBy(name.slice(0, longest), offered);
  return `${shown} is unknown${meant === undefined ? "." : `; did you mean ${meant}?`}`;
};
