/**
 * Leases: until when a project or a flex cluster is wanted. Atlas has no such field, so a tag keeps the date
 * (docs/architecture.md#leases). The tag carries a digest of what it was written for: one that was copied to another
 * resource is no lease.
 */
import { crypto } from "../../common/crypto.ts";
import type { Tag } from "./fields.ts";

/** The key of the tag; no other tag may have it. */
export const leaseKey = "atlas-provision-mcp.delete-after";

/** What a lease is for. The parent of a project is its organization, that of a cluster its project. */
export type Leased = {
  kind: "project" | "flexCluster";
  parentId: string | undefined;
  name: string | undefined;
};

/** The first 8 hexadecimal digits of SHA-256 over parent, kind and name. */
const digestOf = ({ kind, parentId, name }: Leased): string =>
  crypto()
    .createHash("sha256")
    .update(`${parentId}/${kind}/${name?.normalize()}`)
    .digest("hex")
    .slice(0, 8);

/** A time in whole seconds, in UTC (RFC 3339). */
export const inSeconds = (milliseconds: number): string =>
  `${new Date(Math.floor(milliseconds / 1000) * 1000).toISOString().slice(0, 19)}Z`;

/** The tag of a lease; `sweepAfter` is in whole seconds, in UTC. A tag may have no colon (docs/atlas.md#tags). */
export const leaseTag = (leased: Leased, sweepAfter: string): Tag => ({
  key: leaseKey,
  value: `${sweepAfter.replace(/[-:]/g, "")}.${digestOf(leased)}`,
});

const form = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.([0-9a-f]{8})$/;

/** The tags that have the key; Atlas may show several, and then nobody knows which one counts. */
const tagsOfLease = (tags: readonly Tag[]): Tag[] => tags.filter(({ key }) => key === leaseKey);

/** The date of the lease among these tags; undefined if there is none or several, or it is not one for this resource. */
export const leaseIn = (tags: readonly Tag[], leased: Leased): string | undefined => {
  const [tag, ...others] = tagsOfLease(tags);
  const parts = form.exec(tag?.value ?? "");
  if (others.length > 0 || parts === null || parts[7] !== digestOf(leased)) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const date = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
  // A day that no calendar has becomes another one, or none.
  const time = Date.parse(date);
  return !Number.isNaN(time) && inSeconds(time) === date ? date : undefined;
};

/**
 * What is wrong with the tag of a resource as it was read, whose lease has become `sweepAfter`: it was written for another
 * resource or name (`copied`), or it is not in its form or there are several (`unreadable`). Undefined if there is no tag.
 */
export const leaseProblem = (
  tags: readonly Tag[],
  leased: Leased,
): "copied" | "unreadable" | undefined => {
  const [tag, ...others] = tagsOfLease(tags);
  if (tag === undefined) return undefined;
  if (others.length > 0) return "unreadable";
  const digest = form.exec(tag.value)?.[7];
  return digest === undefined || digest === digestOf(leased) ? "unreadable" : "copied";
};

/** The tags without the one that is kept for leases. */
export const withoutLease = <T extends Tag>(tags: readonly T[]): T[] =>
  tags.filter(({ key }) => key !== leaseKey);

type Tagged = { name?: string | undefined; tags?: Tag[] | undefined };

/**
 * Reads the lease of a resource from its tags: it becomes `sweepAfter`, and its tag disappears. A tag that is not the
 * lease of this resource stays what it is.
 */
export const readLease =
  <R extends Tagged>(kind: Leased["kind"], parentOf: (resource: R) => string | undefined) =>
  (resource: R): R & { sweepAfter?: string | undefined } => {
    const { tags = [], name } = resource;
    const sweepAfter = leaseIn(tags, { kind, parentId: parentOf(resource), name });
    if (sweepAfter === undefined && !("sweepAfter" in resource)) return resource;
    const others = sweepAfter === undefined ? tags : withoutLease(tags);
    return { ...resource, tags: others, sweepAfter };
  };
