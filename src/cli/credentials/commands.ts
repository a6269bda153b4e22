/** Declares the commands that give the password of a database user to an application. */
import type { Command, Flag } from "../command.ts";
import { flagsOf, plain, text } from "../declare.ts";

/** Whose credentials, and where they come from. */
const credentialFlags: Readonly<Record<string, Flag>> = {
  project: {
    ...text("ID", "the project of the database user"),
    variable: "MONGODB_ATLAS_PROJECT_ID",
  },
  user: text("NAME", "the name of the database user"),
  ...plain(flagsOf(({ name }) => name === "credentialsDir")),
  server: text("URL", "takes them from a server that runs with `http`, in place of the folder"),
  "token-file": text("FILE", "file with the bearer token for --server, readable by you alone"),
};

export const env: Command = {
  usage: "env",
  help: "writes the password of a database user into an application's .env file",
  more: "It makes a new file that only you can read, or adds the lines that are missing in one that it made. It changes nothing else, and no file of others. In a git work tree the file has to be ignored.",
  flags: { ...credentialFlags, out: text("FILE", "the file (.env)") },
  variables: [],
  words: 0,
  exits: "0 if the file has the credentials, 1 if not; then nothing was written",
  examples: ["env --project ID --user app", "env --project ID --user app --out app.env"],
  run: async (flags) => (await import("./env.ts")).runEnv(flags),
};

export const run: Command = {
  usage: "run -- COMMAND",
  help: "starts an application with the password of a database user in its environment",
  more: "All that stands after -- is the command with its arguments, which is started without a shell. It gets MONGODB_URI, MONGODB_USERNAME and MONGODB_PASSWORD, and no file and no command line has them. Signals go to it.",
  flags: credentialFlags,
  variables: [],
  words: 0,
  starts: true,
  exits:
    "that of the application; 127 if it is not found, 126 if it cannot be run, 1 if there are no credentials",
  examples: [
    "run --project ID --user app -- node app.mjs",
    "run --project ID --user app -- npm start",
  ],
  run: async (flags, _words, rest) => (await import("./run.ts")).runRun(flags, rest),
};
