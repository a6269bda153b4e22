// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of hosts look like this
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readSecret } from "../../src/config/config.ts";
import { settings } from "../../src/config/settings.ts";
import { account, file, lineOf, read, revealed } from "../support/config.ts";
import {
  besides,
  fileVariables,
  flags,
  good,
  orgId,
  textOf,
  variables,
} from "../support/settings.ts";

const whites = [" ", "\t", "\r", "\n", "\r\n", "\u00a0", "\ufeff", " \t\u00a0\r\n"];

/** All ways to put white space around a text. */
const dressed = (text: string) =>
  whites.flatMap((white) => [`${white}${text}`, `${text}${white}`, `${white}${text}${white}`]);

describe("white space around", () => {
  it.each(variables.filter(({ verbatim }) => !verbatim))("$variable is dropped", (setting) => {
    const { name, variable } = setting;
    const plain = textOf(read({ ...besides(name), [variable]: good[name] }));
    expect(plain).not.toBe(textOf(read()));
    for (const text of dressed(good[name]))
      expect(textOf(read({ ...besides(name), [variable]: text })), JSON.stringify(text)).toBe(
        plain,
      );
  });

  it.each(flags)("--$flag is dropped", ({ name, flag }) => {
    const plain = textOf(read(besides(name), { [flag]: good[name] }));
    for (const text of dressed(good[name]))
      expect(textOf(read(besides(name), { [flag]: text })), JSON.stringify(text)).toBe(plain);
  });

  it.each(fileVariables)(
    "$variable is dropped, and in the file",
    ({ name, variable, verbatim }) => {
      const plain = textOf(read({ ...besides(name), [variable]: file(good[name]) }));
      expect(plain).toContain(good[name]);
      for (const white of whites) {
        const paths = [`${white}${file(good[name])}${white}`];
        if (!verbatim) paths.push(file(`${white}${good[name]}${white}`));
        for (const path of paths)
          expect(textOf(read({ ...besides(name), [variable]: path }))).toBe(plain);
      }
    },
  );

  it.each([
    [{ ATLAS_MCP_READ_ONLY: "true " }, { readOnly: true }],
    [{ MONGODB_ATLAS_ORG_ID: `${orgId}\r` }, { scope: { orgId } }],
    [{ ATLAS_MCP_DEADLINE_MS: " 5000\r" }, { deadlineMs: 5000 }],
  ])("a value, as %j, is dropped", (env, means) => {
    expect(read(env)).toMatchObject(means);
  });
});

describe("ATLAS_MCP_SECRET", () => {
  const long = "0123456789abcdef";
  const secretOf = (text: string) => read({ ATLAS_MCP_SECRET: text }).secret?.reveal();
  const inFile = (text: string) => read({ ATLAS_MCP_SECRET_FILE: file(text) }).secret?.reveal();

  it.each([
    [long, long],
    [`${long}\n`, long],
    [`${long}\r\n`, long],
    [`${long}\n\n`, `${long}\n`],
    [` ${long} `, ` ${long} `],
    [`\u00a0${long}\t\n`, `\u00a0${long}\t`],
  ])("%j loses one line break at its end, and nothing else", (text, means) => {
    expect(secretOf(text)).toBe(means);
    expect(inFile(text)).toBe(means);
  });

  it.each(["hunter2", "fifteen letters", "fifteen letters\n", "${TOO_SHORT"])(
    "%j is too short, which the line says without it",
    (text) => {
      const says = / must have at least 16 characters; `openssl rand -hex 32` makes one$/;
      for (const env of [{ ATLAS_MCP_SECRET: text }, { ATLAS_MCP_SECRET_FILE: file(text) }]) {
        expect(lineOf(env)).toMatch(says);
        expect(lineOf(env)).not.toContain(text.trim());
        expect(() => readSecret(env)).toThrow(says);
      }
    },
  );
});

describe("what is given but empty counts as not set:", () => {
  it.each(variables)("$variable", ({ name, variable }) => {
    for (const empty of ["", " ", "\u00a0\r\n", "${user_config.field}"]) {
      const config = read({ [variable]: empty });
      expect(textOf(config), empty).toBe(textOf(read()));
      expect(config.notes, empty).toEqual([
        expect.stringMatching(new RegExp(`^${variable} is set but .*: it counts as not set$`)),
      ]);
      expect(read({ ...besides(name), [variable]: good[name] }).notes).toEqual([]);
    }
  });

  it.each(flags)("--$flag, so that the variable counts", ({ name, flag, env: [variable] }) => {
    const env = { ...besides(name), [variable]: good[name] };
    for (const empty of ["", " ", "\ufeff", "${user_config.field}", " ${user_config.field}\n"]) {
      expect(textOf(read(env, { [flag]: empty })), empty).toBe(textOf(read(env)));
      expect(read({}, { [flag]: empty }).notes, empty).toEqual([
        expect.stringMatching(new RegExp(`^--${flag} is set but .*: it counts as not set$`)),
      ]);
    }
  });

  it.each(fileVariables)("$variable", ({ variable }) => {
    for (const empty of ["", " \r", "${user_config.file}"])
      expect(textOf(read({ [variable]: empty })), empty).toBe(textOf(read()));
  });

  it("one field of a form, which leaves the credentials half given", () => {
    const env = { ...account, MONGODB_ATLAS_CLIENT_SECRET: "${user_config.client_secret}" };
    expect(lineOf(env)).toMatch(/MONGODB_ATLAS_CLIENT_SECRET is not: both are needed$/);
  });
});

const placeholders = [
  "${ATLAS_VALUE}",
  "${env:ATLAS_VALUE}",
  "${input:atlas-value}",
  "${}",
  "{{ATLAS_VALUE}}",
  "{{ atlas.value }}",
  "{env:ATLAS_VALUE}",
  "$ATLAS_VALUE",
  "%ATLAS_VALUE%",
  "$_X1",
];

/** The line names the setting and the placeholder, and whose fault it is. */
const tells = (line: string, from: string, placeholder: string) => {
  expect(line.startsWith(from), line).toBe(true);
  expect(line).toContain(` has the placeholder ${placeholder}, which the host left unfilled`);
  expect(line).not.toContain("\n");
};

describe("a placeholder ends the start", () => {
  it.each(variables)("in $variable", ({ variable, path }) => {
    for (const one of placeholders) {
      tells(lineOf({ [variable]: one }), `${variable} `, one);
      tells(lineOf({ ...account, [variable]: ` ${one}\r\n` }), `${variable} `, one);
      if (path) tells(lineOf({ [variable]: `${one}/x` }), `${variable} `, one);
    }
  });

  it.each(flags)("in --$flag", ({ flag, path, env: [variable], name }) => {
    for (const one of placeholders) {
      tells(lineOf({ [variable]: good[name] }, { [flag]: one }), `--${flag} `, one);
      if (path) tells(lineOf({}, { [flag]: `/data/${one}/x` }), `--${flag} `, one);
    }
  });

  it.each(fileVariables)("in $variable and in its file", ({ variable }) => {
    for (const one of placeholders) {
      tells(lineOf({ [variable]: one }), `${variable} `, one);
      tells(lineOf({ [variable]: `${one}/x` }), `${variable} `, one);
      const field = "${user_config.folder}";
      tells(lineOf({ [variable]: `${field}/secret` }), `${variable} `, field);
      tells(lineOf({ [variable]: file(`${one}\n`) }), `${variable}: the file `, one);
    }
  });

  it.each([
    ["${HOME}/creds", "${HOME}"],
    ["$HOME/x", "$HOME"],
    ["%APPDATA%\\x", "%APPDATA%"],
    ["~/{{folder}}/x", "{{folder}}"],
    ["/srv/{env:FOLDER}", "{env:FOLDER}"],
    ["${user_config.folder}/policy.jsonc", "${user_config.folder}"],
    ["/srv/${user_config.name}", "${user_config.name}"],
    ["${user_config.folder}${user_config.name}", "${user_config.folder}"],
    ["${user_config.folder}/${NAME}", "${user_config.folder}"],
  ])("in the path %s", (path, placeholder) => {
    for (const { env, path: isPath } of settings)
      if (isPath) tells(lineOf({ [env[0]]: path }), env[0], placeholder);
  });

  it("and its default is not shown, which may be a secret", () => {
    const line = lineOf({ ...account, MONGODB_ATLAS_CLIENT_SECRET: "${SECRET:-hunter2}" });
    tells(line, "MONGODB_ATLAS_CLIENT_SECRET ", "${SECRET:-...}");
    expect(line).not.toContain("hunter2");
  });

  it("also where another value wins", () => {
    const env = { ...account, MONGODB_ATLAS_ORG_ID: "${X}", MDB_MCP_API_CLIENT_ID: "${Y}" };
    tells(lineOf(env, { org: orgId }), "MDB_MCP_API_CLIENT_ID ", "${Y}");
    tells(
      lineOf({ MONGODB_ATLAS_ORG_ID: "${X}" }, { org: orgId }),
      "MONGODB_ATLAS_ORG_ID ",
      "${X}",
    );
  });

  it("for a command that needs the secret alone", () => {
    const [secret, others] = [{ ATLAS_MCP_SECRET: "${ATLAS_VALUE}" }, { ATLAS_MCP_CONFIRM: "$X" }];
    expect(() => readSecret(secret)).toThrow(/^ATLAS_MCP_SECRET has the placeholder/);
    expect(readSecret(others)).toBeUndefined();
  });
});

describe("no placeholder is", () => {
  it.each([
    "pa$$word",
    "$ecret",
    "a$HOME",
    "x${HOME}",
    "${HOME}x",
    "100%SURE",
    "%a%",
    "{x}",
    "$",
    "$1",
    "a{{b}}",
  ])("%s, as a secret", (secret) => {
    expect(revealed({ ...account, MONGODB_ATLAS_CLIENT_SECRET: secret })?.[2]).toBe(secret);
    const env = { MONGODB_ATLAS_CLIENT_ID: "id", MONGODB_ATLAS_CLIENT_SECRET_FILE: file(secret) };
    expect(revealed(env)?.[2]).toBe(secret);
  });

  it.each(["/data/$Recycle.Bin/x", "/data/100%/x", "C:\\a$\\b", "/data/{x}/y", "/data/a%2fb"])(
    "in the path %s",
    (path) => {
      expect(read({ ATLAS_MCP_POLICY: path }).policy?.path).toBe(path);
    },
  );
});

describe("a path that begins with ~/ is below the user's home:", () => {
  const paths = settings.filter(({ path }) => path);

  it.each(paths)("$name", ({ env: [variable], flag = "" }) => {
    const below = join(homedir(), "a/b.json");
    for (const text of ["~/a/b.json", " ~/a/b.json\r"])
      for (const config of [read({ [variable]: text }), read({}, { [flag]: text })])
        expect(textOf(config)).toContain(JSON.stringify(below));
    expect(textOf(read({ [variable]: "~" }))).toContain(JSON.stringify(homedir()));
  });

  it.each(fileVariables)("$variable", ({ name, variable }) => {
    const path = file(good[name]);
    const HOME = join(path, "..");
    expect(textOf(read({ ...besides(name), HOME, [variable]: "~/secret" }))).toContain(good[name]);
  });

  it("it is that of the environment, where it names one", () => {
    const env = { HOME: "/home/other", ATLAS_MCP_AUDIT: "~/audit.jsonl" };
    expect(read(env).audit).toEqual({ path: "/home/other/audit.jsonl", from: "ATLAS_MCP_AUDIT" });
  });

  it("and these are not: ~user/x, ./~/x", () => {
    expect(read({ ATLAS_MCP_AUDIT: "~user/x" }).audit?.path).toBe("~user/x");
    expect(read({ ATLAS_MCP_AUDIT: "./~/x" }).audit?.path).toBe("./~/x");
  });

  it("covers every setting that is a file or a folder", () => {
    expect(paths.map(({ name }) => name)).toEqual([
      "policy",
      "audit",
      "credentialsDir",
      "sandboxState",
      "tokens",
    ]);
  });
});

const quoted = (text: string): string[] => [
  `"${text}"`,
  `'${text}'`,
  `\`${text}\``,
  `\u201c${text}\u201d`,
  ` "${text}" `,
];

describe("a value in quotes ends the start", () => {
  it.each(variables.filter(({ verbatim }) => !verbatim))("$variable", ({ name, variable }) => {
    for (const text of [...quoted(good[name]), '""'])
      expect(lineOf({ ...besides(name), [variable]: text }), text).toBe(
        `${variable} is in quotes; remove them`,
      );
  });

  it.each(flags)("--$flag", ({ name, flag }) => {
    expect(lineOf(besides(name), { [flag]: `'${good[name]}'` })).toBe(
      `--${flag} is in quotes; remove them`,
    );
  });

  it.each(fileVariables)("$variable, and in its file", ({ name, variable, verbatim }) => {
    expect(lineOf({ ...besides(name), [variable]: `"${file(good[name])}"` })).toBe(
      `${variable} is in quotes; remove them`,
    );
    const env = { ...besides(name), [variable]: file(`"${good[name]}"\n`) };
    if (verbatim) expect(textOf(read(env))).toContain(good[name]);
    else expect(lineOf(env)).toBe(`${variable}: the text in the file is in quotes; remove them`);
  });

  it("but not the secret, whose quotes are its own", () => {
    expect(read({ ATLAS_MCP_SECRET: '"0123456789abcdef"' }).secret?.reveal()).toBe(
      '"0123456789abcdef"',
    );
  });
});

describe("what stands for a value in an example ends the start", () => {
  it.each(variables.filter(({ path }) => path))("a path in $variable", ({ name, variable }) => {
    for (const path of ["/path/to/file", "C:\\path\\to\\file"])
      expect(lineOf({ ...besides(name), [variable]: path })).toBe(
        `${variable} is the path of an example, /path/to/...; write your own`,
      );
  });

  it.each([
    "MONGODB_ATLAS_CLIENT_ID",
    "MONGODB_ATLAS_CLIENT_SECRET",
    "MONGODB_ATLAS_PUBLIC_API_KEY",
    "MONGODB_ATLAS_PRIVATE_API_KEY",
  ])("a credential that ends in ... in %s", (name) => {
    for (const text of ["...", "mdb_sa_...", "hunter2\u2026"])
      expect(lineOf({ [name]: text })).toBe(
        `${name} ends in ..., as in an example; set the whole credential`,
      );
  });
});
