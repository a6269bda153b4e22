/** Whether a name is one that never exists (RFC 6761, 6.4), such as those of the sandbox's clusters. */
export const isReservedName = (name: string): boolean => /\.invalid\.?$/i.test(name);
