/** Checks a change by the operator's rules, one by one. */
import { blockOf, isEveryone, isWithin } from "../atlas/addresses.ts";
import { inSeconds } from "../atlas/resources/lease.ts";
import type { FieldProblem } from "../common/failure.ts";
import { never } from "../operations/lease.ts";
import { inAtlasForm, regionsMeant } from "../operations/region-meaning.ts";
import type { Change } from "../tools/define.ts";
import type { Rules } from "./rules.ts";

const wholeMatch = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`, "u");

/** What breaks a rule: the rule, and the argument. */
export type Violation = { rule: string; field: FieldProblem };

const outside = (
  rule: string,
  path: string,
  value: string | undefined,
  allowed: readonly string[] | undefined,
  meant = value,
): Violation[] => {
  if (allowed === undefined || value === undefined || allowed.includes(value)) return [];
  const shown = allowed.slice(0, 20).join(", ");
  const problem =
    allowed.length === 0 ? "is not allowed, and no other value is" : `must be one of ${shown}`;
  // Another spelling of an allowed value; what was not meant is no example.
  const example = meant !== undefined && allowed.includes(meant) ? { example: meant } : {};
  return [{ rule, field: { path, problem, ...example } }];
};

/** Atlas's name of the region, where another spelling means one region for certain. */
const atlasRegionOf = ({ details: { provider, region } }: Change): string | undefined => {
  if (provider === undefined || region === undefined) return undefined;
  const [meant, ...others] = regionsMeant(provider, region);
  return meant !== undefined && others.length === 0 ? meant : inAtlasForm(region);
};

/** The name that a change gives; undefined if it gives none. */
const givenName = ({ effect, name, details }: Change): string | undefined =>
  effect === "create" ? name : details.newName;

/** The arguments that give a name, where it is not `name`. */
const namedBy: Partial<Record<Change["kind"], string>> = {
  databaseUser: "username",
  ephemeralCluster: "clusterName",
};

const misnamed = (change: Change, rules: Rules): Violation[] => {
  const pattern = change.kind === "accessListEntry" ? undefined : rules.names?.[change.kind];
  const name = givenName(change);
  if (name === undefined || pattern === undefined) return [];
  if (wholeMatch(pattern).test(name)) return [];
  const path = namedBy[change.kind] ?? "name";
  return [{ rule: `names.${change.kind}`, field: { path, problem: `must match ${pattern}` } }];
};

const untagged = ({ effect, kind, details }: Change, rules: Rules): Violation[] => {
  const { tags = [] } = details;
  if (kind !== "project" && kind !== "flexCluster") return [];
  if (effect === "delete" || (effect === "update" && details.tags === undefined)) return [];
  return (rules.requiredTags ?? []).flatMap(({ key, value }): Violation[] => {
    const tag = tags.find((candidate) => candidate.key === key);
    if (tag && (value === undefined || wholeMatch(value).test(tag.value))) return [];
    const required = `must include ${JSON.stringify(key)}`;
    const problem =
      value === undefined ? required : `${required} with a value that matches ${value}`;
    return [{ rule: "requiredTags", field: { path: "tags", problem } }];
  });
};

/**
 * Whether a lease is too long, or missing. Only once a plan knows when the resource was created, and which lease a cluster
 * takes from its project.
 */
const leaseOutside = (change: Change, rules: Rules): Violation[] => {
  const { effect, created, details } = change;
  const { maxLifetimeHours: hours, requireSweepAfter } = rules;
  const isBounded = requireSweepAfter === true || hours !== undefined;
  if (created === undefined || !isBounded || effect === "delete") return [];
  if (effect === "update" && details.sweepAfter === undefined) return [];
  const violation = (rule: string, problem: string) => [
    { rule, field: { path: "sweepAfter", problem } },
  ];
  const rule = hours === undefined ? "requireSweepAfter" : "maxLifetimeHours";
  const most = hours === undefined ? "" : `, at most ${hours} hours after the creation`;
  if (details.sweepAfter === undefined || details.sweepAfter === never)
    return violation(rule, `must be a date${most}`);
  if (hours !== undefined && !Number.isFinite(created))
    return violation(rule, "cannot be judged, because Atlas does not say when it was created");
  const latest = created + (hours ?? Number.POSITIVE_INFINITY) * 3_600_000;
  return Date.parse(details.sweepAfter) > latest
    ? violation(rule, `must be ${inSeconds(latest)} or earlier: ${hours} hours after the creation`)
    : [];
};

const rolesOutside = ({ effect, details }: Change, { roles }: Rules): Violation[] =>
  // A user whose roles are not allowed may go.
  (effect === "delete" ? [] : (details.roles ?? [])).flatMap(({ roleName }, index) =>
    outside("roles", `roles[${index}].roleName`, roleName, roles),
  );

/** Whether an entry lies in one of the blocks. The addresses 0.0.0.0 and :: are every address to Atlas. */
const fits = (address: string, blocks: readonly string[]): boolean =>
  blocks.some((block) => isWithin(address, block) && (!isEvery(address) || isEvery(block)));

const isEvery = (text: string): boolean => {
  const block = blockOf(text);
  return block !== undefined && isEveryone(block);
};

/** The block that a change lets connect, and the argument that says so; undefined if none. */
const openedBy = ({ kind, effect, name, addresses }: Change) => {
  // Atlas opens it to everybody (docs/atlas.md#ephemeral-clusters).
  if (kind === "ephemeralCluster")
    return { path: "clusterName", block: "0.0.0.0/0", admits: 2n ** 32n };
  if (kind !== "accessListEntry" || effect === "delete") return undefined;
  return { path: name.includes("/") ? "cidrBlock" : "ipAddress", block: name, admits: addresses };
};

const addressesOutside = (change: Change, rules: Rules): Violation[] => {
  const opened = openedBy(change);
  if (opened === undefined || rules.addresses === undefined) return [];
  const { blocks, most } = rules.addresses;
  const { path, block, admits } = opened;
  const says = change.kind === "ephemeralCluster" ? `would be open to ${block}, which ` : "";
  const violation = (rule: string, problem: string) => ({ rule, field: { path, problem } });
  return [
    ...(blocks === undefined || fits(block, blocks)
      ? []
      : [
          violation(
            "addresses.blocks",
            `${says}must lie in one of ${blocks.slice(0, 20).join(", ")}`,
          ),
        ]),
    ...(most === undefined || admits === undefined || admits <= BigInt(most)
      ? []
      : [
          violation(
            "addresses.most",
            `would let ${admits} public addresses connect, and at most ${most} may`,
          ),
        ]),
  ];
};

/** Where a cluster would be. An ephemeral one has a single place, which no argument names. */
const placesOutside = (change: Change, rules: Rules): Violation[] => {
  const { provider, region } = change.details;
  const violations = [
    ...outside("providers", "providerSettings.backingProviderName", provider, rules.providers),
    ...outside(
      "regions",
      "providerSettings.regionName",
      region,
      rules.regions,
      atlasRegionOf(change),
    ),
  ];
  if (change.kind !== "ephemeralCluster") return violations;
  return violations.map(({ rule, field }) => ({
    rule,
    field: {
      path: "clusterName",
      problem: `would be on ${provider} in ${region}, and its ${rule === "regions" ? "region" : "provider"} ${field.problem}`,
    },
  }));
};

/** What a change breaks of these rules. */
export const violationsOf = (change: Change, rules: Rules): Violation[] => [
  ...placesOutside(change, rules),
  ...rolesOutside(change, rules),
  ...outside("projectOwners", "projectOwnerId", change.details.projectOwnerId, rules.projectOwners),
  ...addressesOutside(change, rules),
  ...misnamed(change, rules),
  ...untagged(change, rules),
  ...leaseOutside(change, rules),
];
