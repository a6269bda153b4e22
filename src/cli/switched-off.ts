/** Tells which tools are off. */
import type { Setup } from "../tools/define.ts";

/** Their names and why, once for each reason. */
export const switchedOffLines = (switchedOff: Setup["switchedOff"]): string[] =>
  [...new Set(switchedOff.map(({ reason }) => reason))].map((reason) => {
    const names = switchedOff.filter((one) => one.reason === reason).map(({ tool }) => tool);
    return `${names.join(", ")}: ${reason}`;
  });
