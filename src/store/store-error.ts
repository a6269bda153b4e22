/** Why the store did not answer, in words for the operator. `mayHaveRun` if the command was sent, or is still on its way. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly mayHaveRun: boolean;
  constructor(message: string, mayHaveRun: boolean) {
    super(message);
    this.mayHaveRun = mayHaveRun;
  }
}
