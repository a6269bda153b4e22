/** Protected resource metadata (RFC 9728): tells clients which authorization server issues tokens for this server. */

const wellKnown = "/.well-known/oauth-protected-resource";

/** The well-known path goes between the host and the path of the resource (RFC 9728, 3.1). */
export const metadataUrlOf = (resource: string): string => {
  const { origin, pathname } = new URL(resource);
  return `${origin}${wellKnown}${pathname === "/" ? "" : pathname}`;
};

/** The paths where clients look for the metadata. */
export const metadataPaths = [wellKnown, `${wellKnown}/*`];

export const metadataResponse = (
  resource: string,
  issuer: string,
  scopes: readonly string[],
): Response =>
  Response.json(
    {
      resource,
      authorization_servers: [issuer],
      scopes_supported: scopes,
      bearer_methods_supported: ["header"],
      resource_name: "MongoDB Atlas provisioning",
    },
    { headers: { "cache-control": "max-age=300" } },
  );
