/** What RFC 9728 tells a client of this server: its name as a resource, and who gives out tokens for it. */

const wellKnown = "/.well-known/oauth-protected-resource";

/** Where the metadata of a resource is: the well-known path goes between host and path (RFC 9728, 3.1). */
export const metadataUrlOf = (resource: string): string => {
  const { origin, pathname } = new URL(resource);
  return `${origin}${wellKnown}${pathname === "/" ? "" : pathname}`;
};

/** Both paths under which clients look for it. */
export const metadataPaths = [wellKnown, `${wellKnown}/*`];

/** The document. */
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
