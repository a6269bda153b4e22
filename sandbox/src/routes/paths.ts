/** The paths that the sandbox serves beside those of its operations. */

/** What the paths of operations begin with. */
export const apiPath = "/api/atlas/v2";

/** The paths of what is no operation of the Admin API, by the name in the log. */
export const otherPaths = {
  token: "/api/oauth/token",
  revoke: "/api/oauth/revoke",
  getIpInfo: "/api/private/ipinfo",
  getDefaultMongoDBMajorVersion: "/api/private/unauth/nds/defaultMongoDBMajorVersion",
} as const;
