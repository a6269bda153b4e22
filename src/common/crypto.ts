/** Node's crypto, loaded on first use: a start is 5 to 8 ms faster without it (bundle/README.md). */
export const crypto = () => process.getBuiltinModule("node:crypto");
