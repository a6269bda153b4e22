/** Node's crypto, loaded by whoever needs it first: not by a start, which would wait for it. */
export const crypto = () => process.getBuiltinModule("node:crypto");
