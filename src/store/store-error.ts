/** Why the store did not answer, in words for the operator. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}
