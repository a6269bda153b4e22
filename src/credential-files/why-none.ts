/** Why there is no folder for passwords. */
export const whyNoPasswords = (remote: boolean): string =>
  remote
    ? "passwords need a folder that the operator sets (ATLAS_MCP_CREDENTIALS_DIR)"
    : "passwords need a folder, and the user that runs the server has no home for it: the operator has to set one (ATLAS_MCP_CREDENTIALS_DIR)";
