/** The result of one check. `fix` says what a person can do about it. */
export type Check = {
  check: string;
  result: "ok" | "warning" | "failed";
  says: string;
  fix?: string;
};
