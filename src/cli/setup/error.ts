/** An entry cannot be written, as a sentence. Nothing was changed. */
export class SetupError extends Error {}
