/** The steps of a connection, in order, and what is told of each. */
import type { Cause } from "./cause.ts";

export const stepNames = [
  "dns_srv",
  "dns_address",
  "tcp",
  "tls",
  "hello",
  "login",
  "ping",
] as const;

export type StepName = (typeof stepNames)[number];

/** Why something failed: what it means, and the words of Node, the driver or the server, without secrets. */
export type Problem = { cause: Cause; code: string; message: string };

/** A step that was tried, and the milliseconds that it took. It has a problem if no host got through it. */
export type Step = { step: StepName; ms: number; problem?: Problem };

/** A host that failed where another got through. */
export type HostProblem = Problem & { host: string; step: StepName };

/** A host and a port, as a connection string or an SRV record names them. */
export type Host = { host: string; port: number };

/** Thrown where no host gets through a step. */
export class FailedStep extends Error {
  readonly step: StepName;
  readonly problem: Problem;
  constructor(step: StepName, problem: Problem) {
    super(problem.message);
    this.name = "FailedStep";
    this.step = step;
    this.problem = problem;
  }
}
