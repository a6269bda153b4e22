import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Harness, openHarness } from "../faults/harness.ts";
import { file } from "../support/config.ts";
import { answerOf, type HttpServed, modern, post, serveHttp } from "../support/http.ts";
import { isBundle } from "../support/program.ts";
import { runs, seed } from "../support/seed.ts";
import { bearer, type Minted, mint, tokenFile } from "../support/token-file.ts";
import { forbids, mutationsOf, needsConsent, type RuleSet } from "./oracle.ts";
import { play, plays, type Sent, sample } from "./plays.ts";

// The bundle runs on the clock of the machine, this process on one that is twenty times as fast.
const total = runs(isBundle ? 4 : 25);

const orgs = ["a".repeat(24), "b".repeat(24)];
const names = ["ann", "bob"];

let harness: Harness;
let minted: Minted[];

beforeAll(async () => {
  const organizations = orgs.map((id, index) => ({ id, name: `Org ${index}` }));
  harness = await openHarness(isBundle ? 1 : 20, { rateLimits: false, organizations });
  minted = await Promise.all(names.map(mint));
});
afterAll(() => harness.close());

const told: Record<string, number> = {};
const count = (what: string) => {
  told[what] = (told[what] ?? 0) + 1;
};

const asking = { "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } } };

/** Makes one call and gives its result. */
const callOn =
  ({ url }: HttpServed) =>
  async ({ who, tool, args, shows, more }: Sent): Promise<any> => {
    const message = modern(
      "tools/call",
      { name: tool, arguments: args, ...more },
      shows ? asking : {},
    );
    const answer = await answerOf(await post(url, message, bearer(minted[who]?.token ?? "")));
    return answer.result ?? answer;
  };

/** A call as consent is bound to it: who, what, with which arguments, and for a delete which very resource. */
const bindingOf = ({ who, tool, args }: Sent, victim: string | undefined): string => {
  const { confirmation: _, waitSeconds: __, dryRun: ___, ...rest } = args;
  const sorted = Object.keys(rest)
    .sort()
    .map((name) => [name, rest[name]]);
  return JSON.stringify([who, tool, sorted, victim]);
};

it(
  `nothing happens that is denied, or that nobody has agreed to (TEST_SEED=${seed})`,
  async () => {
    await fc.assert(
      fc.asyncProperty(plays, async ({ mode, operator, callers, calls }) => {
        await harness.reset();
        const projects = [
          await harness.makeProject("team-home", { orgId: orgs[0] }),
          await harness.makeProject("far", { orgId: orgs[1] }),
        ];
        await harness.makeCluster(projects[0] ?? "", "dev-old");
        const placed = (rules: any): RuleSet => ({
          ...rules,
          ...(rules.organizations
            ? { organizations: rules.organizations.map((at: number) => orgs[at]) }
            : {}),
          ...(rules.projects ? { projects: rules.projects.map((at: number) => projects[at]) } : {}),
        });
        const rules = placed(operator);
        const own = callers.map(({ rules, ...rights }, at) => ({
          ...placed(rules),
          ...rights,
          name: names[at] ?? "",
        }));
        const tokens = tokenFile(...own.map((one, at) => ({ ...minted[at]?.entry, ...one })));
        const { url, clientId, clientSecret } = harness.sandbox;
        const server = await serveHttp(
          [
            "--tokens",
            tokens.path,
            "--policy",
            file(JSON.stringify(rules)),
            "--confirm",
            mode,
            "--allow-delete",
            "--rate-limit",
            "10000",
          ],
          {
            MONGODB_ATLAS_BASE_URL: url,
            MONGODB_ATLAS_CLIENT_ID: clientId,
            MONGODB_ATLAS_CLIENT_SECRET: clientSecret,
          },
          isBundle ? {} : { clock: harness.clock },
        );
        /** What the server has handed out, each with what it is good for. */
        const issued = { form: new Map<string, string>(), token: new Map<string, string>() };
        let state = await harness.state();

        const victimOf = ({ tool, args }: Sent): string | undefined => {
          if (tool === "delete_project") return args.groupId;
          if (tool !== "delete_flex_cluster") return undefined;
          return state.clusters.find(
            ({ groupId, name }) => groupId === args.groupId && name === args.name,
          )?.id;
        };

        const send = async (sent: Sent) => {
          const binding = bindingOf(sent, victimOf(sent));
          const result = await callOn(server)(sent);
          const after = await harness.state();
          const made = mutationsOf(state, after);
          const log = () => `${JSON.stringify({ mode, rules, own, sent, result, made })}`;
          expect(made.length, log()).toBeLessThanOrEqual(1);
          for (const mutation of made) {
            const caller = own[sent.who] ?? { name: "" };
            count(mutation.tool);
            expect(mutation.tool, log()).toBe(sent.tool);
            expect(sent.args.dryRun, log()).not.toBe(true);
            expect(forbids(rules, caller, mutation, after), log()).toEqual([]);
            if (!needsConsent(rules, caller, mode, sent.tool)) continue;
            const byUser = sent.shows && mode !== "token";
            const { inputResponses, requestState } = sent.more;
            const accepted = inputResponses?.consent?.action === "accept";
            const agreed = byUser
              ? accepted && issued.form.get(String(requestState)) === binding
              : mode !== "human" && issued.token.get(String(sent.args.confirmation)) === binding;
            count(byUser ? "agreed by a user" : "agreed by an agent");
            expect(agreed, log()).toBe(true);
          }
          const { error, status } = result.structuredContent ?? {};
          count(`answered ${error?.code ?? status ?? result.resultType ?? result.error?.code}`);
          if (result.resultType === "input_required") issued.form.set(result.requestState, binding);
          if (status === "needs_confirmation")
            issued.token.set(result.structuredContent.confirmation, binding);
          state = after;
          return result;
        };
        try {
          for (const call of calls) await play(call, { orgs, projects, send });
        } finally {
          await server.end("SIGTERM");
          tokens.remove();
        }
      }),
      { numRuns: total, seed, examples: [[sample]] },
    );
    console.log(JSON.stringify(told, null, 1));
    // It would be no use if nothing were ever made, agreed to or denied.
    const all = (part: RegExp) =>
      Object.entries(told).reduce((sum, [what, n]) => sum + (part.test(what) ? n : 0), 0);
    expect(all(/^(create|delete)_/)).toBeGreaterThan(0);
    expect(all(/^agreed/)).toBeGreaterThan(0);
    expect(all(/policy_denied$/)).toBeGreaterThan(0);
  },
  120_000 + total * 5000,
);
