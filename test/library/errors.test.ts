import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { errorCodes } from "../../src/common/failure.ts";
import {
  CallError,
  type CallErrorCode,
  ConfirmationError,
  type ConfirmationErrorCode,
  type Failure,
  SandboxError,
  type SandboxErrorCode,
  ServerError,
  type ServerErrorCode,
  ToolError,
  type ToolErrorCode,
} from "../../src/index.ts";

// The compiler refuses this list if it has another code than the types, or lacks one.
const codes = {
  ToolError: Object.fromEntries(errorCodes.map((code) => [code, true])) as Record<
    ToolErrorCode,
    true
  >,
  ConfirmationError: {
    confirmation_needed: true,
    confirmation_declined: true,
  } satisfies Record<ConfirmationErrorCode, true>,
  CallError: {
    invalid_option: true,
    tool_not_offered: true,
    aborted: true,
    call_failed: true,
    not_a_result: true,
  } satisfies Record<CallErrorCode, true>,
  ServerError: {
    invalid_option: true,
    invalid_setting: true,
    closed: true,
  } satisfies Record<ServerErrorCode, true>,
  SandboxError: {
    invalid_option: true,
    invalid_fault: true,
    invalid_argument: true,
    port_in_use: true,
    cannot_listen: true,
    state_file_in_use: true,
    state_file_damaged: true,
    state_file_unusable: true,
    closed: true,
  } satisfies Record<SandboxErrorCode, true>,
};

const page = readFileSync(fileURLToPath(new URL("../../docs/library.md", import.meta.url)), "utf8");

it.each(Object.entries(codes))("has every code of a %s on its page, and no other", (name, all) => {
  const row = page.split("\n").find((line) => line.startsWith(`| \`${name}\``)) ?? "";
  const [, , cell = ""] = row.split("|");
  const told = [...cell.matchAll(/`([a-z_]+)`/g)].map(([, code]) => code);
  // What is said beside a code may name an option.
  const known = told.filter((code) => code !== "confirm" && code !== "env");
  expect(known).toEqual(Object.keys(all));
});

it("has errors that are errors, with their own names", () => {
  const failure: Failure = {
    code: "internal",
    message: "It failed.",
    outcome: "unknown",
    retry: "never",
    nextActions: [],
  };
  const asked = { currency: "USD", perMonth: { from: 0, to: 0 } } as const;
  const errors: Error[] = [
    new ToolError("get_account", { status: "error", backend: "atlas", error: failure }),
    new ConfirmationError("confirmation_needed", "delete_project", {
      status: "needs_confirmation",
      backend: "atlas",
      quote: asked,
      confirmation: "a",
      message: "It failed.",
      nextActions: [],
    }),
    new CallError("aborted", "get_account", "It failed."),
    new ServerError("closed", "It failed."),
    new SandboxError("closed", "It failed."),
  ];
  for (const [index, name] of Object.keys(codes).entries()) {
    const error = errors[index];
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toBe(`${name}: It failed.`);
    expect(error?.stack).toContain("errors.test.ts");
  }
});
