/** The library's face. */
export { createSandbox, type Sandbox, type SandboxOptions } from "./sandbox/index.ts";
