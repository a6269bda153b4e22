/** The pages of `--help`, made of the declarations of commands and settings. No line is longer than 80 characters. */
import type { NamedSetting } from "../config/settings.ts";
import { helpOf } from "../config/settings.ts";
import type { Command, Flag } from "./command.ts";
import { commands, common, stdio } from "./commands.ts";
import { program } from "./problem.ts";
import { hang, rows, wrap } from "./wrap.ts";

const width = 80;

const valueIn = ({ type, value, bare }: Flag): string => {
  if (type === "boolean") return "";
  return bare === undefined ? ` ${value}` : ` [${value}]`;
};

const flagRow = ([name, flag]: [string, Flag]) =>
  [
    `${name in common ? `-${name.charAt(0)}, ` : ""}--${name}${valueIn(flag)}`,
    flag.variable === undefined ? flag.help : `${flag.help} [${flag.variable}]`,
  ] as const;

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [[title, ...lines].join("\n")];

type Flags = Readonly<Record<string, Flag>>;

const flagRows = (flags: Flags): string[] => rows(Object.entries(flags).map(flagRow), width);

/** All flags; where there are topics, those of one topic stand together. */
const flagSections = (flags: Flags): string[] => {
  const topics = [...new Set(Object.values(flags).flatMap(({ topic }) => topic ?? []))];
  if (topics.length === 0) return section("Flags", flagRows({ ...flags, ...common }));
  const ofTopic = (wanted: Flag["topic"]) =>
    Object.fromEntries(Object.entries(flags).filter(([, { topic }]) => topic === wanted));
  const own = ofTopic(undefined);
  return [
    ...(Object.keys(own).length === 0 ? [] : section("Flags", flagRows(own))),
    ...topics.flatMap((topic) => section(topic, flagRows(ofTopic(topic)))),
    ...section("Help", flagRows(common)),
  ];
};

const settingsOf = ({ flags, variables }: Pick<Command, "flags" | "variables">): string[] => {
  const files = variables.filter(({ file }) => file);
  const more =
    files.length === 0
      ? []
      : [hang("  ", "Each is also read from the file that <variable>_FILE names.", width)];
  return [
    ...flagSections(flags),
    ...section("Variables", [
      ...rows(
        variables.map((one: NamedSetting) => [one.env[0], helpOf(one)] as const),
        width,
      ),
      ...more,
    ]),
  ];
};

/** What the exit codes mean, and examples. */
const endOf = ({ exits, examples }: Command): string[] => [
  wrap(`Exit code: ${exits}; 2 if the arguments or a setting are wrong.`, width),
  ...section(
    "Examples",
    examples.map((one) => `  ${program} ${one}`),
  ),
];

const usageOf = ({ usage, flags }: Command): string => {
  const [own = "", ...rest] = usage.split(" -- ");
  const takesFlags = Object.keys(flags).length > 0 ? "[FLAGS]" : "";
  const others = rest.map((command) => `-- ${command} [ARGS]`);
  return [program, own, takesFlags, ...others].filter(Boolean).join(" ");
};

const isMain = (name: string): boolean => !name.includes(" ");

/** The flags that the commands have beside those of the server over stdio. */
const furtherRows = () =>
  Object.entries(commands).flatMap(([name, { flags }]) => {
    const further = Object.keys(flags).filter((flag) => !(flag in stdio.flags));
    return isMain(name) && further.length > 0
      ? [[name, further.map((flag) => `--${flag}`).join(", ")] as const]
      : [];
  });

const overview = (): string =>
  [
    wrap(
      `${program}: creates MongoDB Atlas projects, flex clusters and ephemeral clusters for AI agents, over MCP.`,
      width,
    ),
    ...section("Usage", [
      ...rows(
        [
          ["[FLAGS]", stdio.help],
          ...Object.entries(commands)
            .filter(([name]) => isMain(name))
            .map(([, { usage, help }]) => [usage, help] as const),
          ["help COMMAND", "the flags, variables and examples of a command"],
        ].map(([usage, help]) => [`${program} ${usage}`, help ?? ""] as const),
        width,
      ),
    ]),
    wrap(
      "Without credentials everything runs against an embedded sandbox, where nothing is real and nothing costs money; with --ephemeral, ephemeral clusters are real. A flag wins over its [variable].",
      width,
    ),
    ...settingsOf(stdio),
    ...section("Flags of the commands (see `help COMMAND`)", rows(furtherRows(), width)),
    ...endOf(stdio),
  ].join("\n\n");

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** The page of a command; the overview for an empty name. */
export const helpFor = (name: string): string => {
  const command = commands[name];
  if (command === undefined) return overview();
  const { help, more } = command;
  return [
    ...section("Usage", [`  ${usageOf(command)}`]),
    wrap([sentence(help), ...(more === undefined ? [] : [more])].join(" "), width),
    ...settingsOf(command),
    ...endOf(command),
  ].join("\n\n");
};
