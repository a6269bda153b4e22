/** The request target (RFC 9112, 3.2). */

/**
 * The path and query of a target. Of the absolute form, which clients send to proxies, the scheme and the host are dropped:
 * the checks go by the header Host. A target that names no path becomes "*", which is refused.
 */
export const pathOf = (target: string): string => {
  const path = target.replace(/^https?:\/\/[^/?#]*\/?/i, "/");
  return path.startsWith("/") ? path : "*";
};
