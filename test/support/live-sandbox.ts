/** A sandbox in this process that a real bundle reaches by address and service account, as it would reach Atlas. */
import { createSandbox, type Sandbox, type SandboxOptions } from "@atlas-provision-mcp/sandbox";
import { behind } from "./behind.ts";
import { recordSecret } from "./output-record.ts";

type LoggedRequest = {
  operation: string | null;
  method: string;
  path: string;
  status: number | null;
};

export type LiveSandbox = Omit<Sandbox, "state" | "reset"> & {
  /** Scripts a fault for the next requests of an operation. */
  script(operation: string, fault: string, times?: number): Promise<void>;
  /** Everything that is true in this Atlas, and which requests arrived. */
  state(): Promise<{
    projects: Record<string, any>[];
    clusters: Record<string, any>[];
    users: Record<string, any>[];
    accessList: Record<string, any>[];
    ephemeralClusters: Record<string, any>[];
    requests: LoggedRequest[];
  }>;
  /** Posts to the Admin API behind the server's back. */
  make(path: string, body: object): Promise<Record<string, any>>;
  /** Forgets resources, requests and faults. */
  reset(): Promise<void>;
};

export const aws = { backingProviderName: "AWS", regionName: "US_EAST_1" } as const;

export const startSandbox = async (options: SandboxOptions = {}): Promise<LiveSandbox> => {
  const sandbox = await createSandbox({ provisionMs: 0, ...options });
  const { clientId, clientSecret, privateKey } = sandbox;
  for (const one of [clientSecret, privateKey, btoa(`${clientId}:${clientSecret}`)])
    recordSecret(one);
  const control = async (method: string, path: string, body?: unknown): Promise<any> => {
    const response = await fetch(`${sandbox.url}/_sandbox${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  return {
    ...sandbox,
    script: async (operation, fault, times = 1) => {
      await control("POST", "/faults", [{ operation, fault, times }]);
    },
    state: () => control("GET", "/state"),
    make: behind(sandbox),
    reset: async () => {
      await control("POST", "/reset");
    },
  };
};
