// Loaded into the server's process: writes what passes between it and the host into the file that HOST_TAP names, and
// marks both forms of a result, so that a test can tell which of them a host shows to its model. Not with HOST_MARK=no:
// some hosts leave one out because it says the same.
const { appendFileSync } = require("node:fs");

const note = (from, text) => {
  const line = { at: Date.now(), pid: process.pid, from, text };
  appendFileSync(process.env.HOST_TAP, `${JSON.stringify(line)}\n`);
};

const marked = (text) =>
  process.env.HOST_MARK === "no"
    ? text
    : text
        .replace('"text":"{\\"status\\"', '"text":"{\\"shown\\":\\"text\\",\\"status\\"')
        .replace(
          '"structuredContent":{"status"',
          '"structuredContent":{"shown":"structure","status"',
        );

note("start", "");
process.on("exit", () => note("end", ""));

const { stdin, stdout } = process;
const push = stdin.push;
stdin.push = (chunk, ...rest) => {
  if (chunk !== null) note("host", chunk.toString());
  return push.call(stdin, chunk, ...rest);
};
const write = stdout.write;
stdout.write = (chunk, ...rest) => {
  const text = chunk.toString();
  note("server", text);
  return write.call(stdout, marked(text), ...rest);
};
