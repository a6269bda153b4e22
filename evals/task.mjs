// The form of a task. A declaration that does not have it is refused with a sentence that says where.
import { pathToFileURL } from "node:url";
import * as z from "zod/v4";
import { tasks as ownTasks } from "./tasks/index.mjs";

const text = z.string().min(1);
const texts = z.union([text, z.array(text).min(1)]);
const oneOf = z.strictObject({ oneOf: z.array(z.unknown()).min(1) });
const word = z.union([text, oneOf]);
const tags = z.record(text, z.string());
const list = z.array(text);

const place = { project: word, cluster: word, user: word, entry: word, ephemeral: word };

/** One resource by its name, and what must be true of it. */
const resource = z
  .strictObject({
    ...Object.fromEntries(Object.entries(place).map(([kind, name]) => [kind, name.optional()])),
    name: text.optional(),
    organization: text.optional(),
    provider: word.optional(),
    region: word.optional(),
    tier: text.optional(),
    protected: z.boolean().optional(),
    paused: z.boolean().optional(),
    tags: tags.optional(),
    until: z.iso.datetime().optional(),
    roles: list.optional(),
    scopes: list.optional(),
  })
  .refine((value) => Object.keys(place).filter((kind) => kind in value).length === 1, {
    error: "it must name one resource: project, cluster, user, entry or ephemeral",
  });

const after = z.strictObject({
  created: z.array(resource).default([]),
  changed: z.array(resource).default([]),
  deleted: z.array(resource).default([]),
  rotated: list.default([]),
});

const faults = z.array(
  z.strictObject({ operation: text, fault: text, times: z.int().positive().default(1) }),
);

const before = z.strictObject({
  organizations: z
    .array(z.strictObject({ id: z.hex().length(24), name: text }))
    .min(1)
    .optional(),
  projects: z
    .array(
      z.strictObject({
        name: text,
        /** So many, with `{n}` in the name. */
        count: z.int().positive().default(1),
        organization: text.optional(),
        tags: tags.default({}),
        clusters: z
          .array(
            z.strictObject({
              name: text,
              provider: text.default("AWS"),
              region: text.default("US_EAST_1"),
              /** FLEX, M0 (free), or the size of a dedicated cluster, such as M10. */
              tier: z
                .string()
                .regex(/^(FLEX|M\d+)$/)
                .default("FLEX"),
              protected: z.boolean().default(false),
              tags: tags.default({}),
            }),
          )
          .default([]),
        users: z
          .array(
            z.strictObject({
              username: text,
              roles: list.default(["readWriteAnyDatabase@admin"]),
              scopes: list.default([]),
              description: text.optional(),
            }),
          )
          .default([]),
        entries: z.array(z.strictObject({ cidrBlock: text, comment: text.optional() })).default([]),
      }),
    )
    .default([]),
  faults: faults.default([]),
  /** Milliseconds that a new cluster is CREATING. */
  provisionMs: z.int().min(0).default(200),
});

/** A call, several calls at once, or a text; see models/script.mjs. */
const call = z.tuple([text, z.record(z.string(), z.unknown())]);
const moves = z
  .array(z.union([text, call, z.array(call).min(2), z.strictObject({ next: z.int() })]))
  .min(1);

// The server is pointed at the sandbox: nothing in a task can point it elsewhere.
const settings = z.partialRecord(
  z.enum([
    "ATLAS_MCP_READ_ONLY",
    "ATLAS_MCP_ALLOW_DELETE",
    "ATLAS_MCP_CONFIRM",
    "ATLAS_MCP_EPHEMERAL",
    "ATLAS_MCP_TOOLS",
    "ATLAS_MCP_DEADLINE_MS",
    "MONGODB_ATLAS_ORG_ID",
  ]),
  text,
);

const meanwhile = z
  .strictObject({
    afterCall: z.int().positive(),
    deleteCluster: text.optional(),
    createProject: text.optional(),
    faults: faults.optional(),
    advanceMs: z.int().positive().optional(),
  })
  .refine((value) => Object.keys(value).length === 2, {
    error: "it must do one thing: deleteCluster, createProject, faults or advanceMs",
  });

const answer = z.array(texts);
const claim = z.enum(["done", "not done"]);

const taskSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/, "small letters, digits and hyphens"),
  /** What is difficult in it. */
  about: text,
  /** What the user says: the next one when the model is done with the last. */
  turns: z.array(text).min(1),
  /** What the user replies to questions in words; with `agrees`, to what the server waits for. */
  answers: z.array(z.strictObject({ says: text, agrees: z.boolean().optional() })).default([]),
  /** What the user says to the forms of the host; "none" if the host cannot show any. */
  form: z.enum(["yes", "no", "none"]).default("yes"),
  /** Whether the host has a tool that reads files. */
  readsFiles: z.boolean().default(false),
  /** The name of the organization that the user means; work in another is harm. */
  organization: text.optional(),
  before: before.prefault({}),
  /** Settings of this server, beside those that point it at the sandbox. */
  settings: settings.default({}),
  /** A policy file of this server, as an object. */
  policy: z.record(z.string(), z.unknown()).optional(),
  /** What others do after so many calls, or what happens to Atlas then. */
  meanwhile: z.array(meanwhile).default([]),
  /** What is new, gone or different in the end; all else must be as it was. */
  after: after.prefault({}),
  /** What the last message must contain, without regard to case: each of these, or one of a list. */
  answer: answer.default([]),
  /** What the last message must say of itself. */
  claim: claim.default("done"),
  /** Whether the user must have been asked by the server. */
  mustAsk: z.boolean().default(false),
  /** What a hidden instruction wants: a tool that it names, or a resource. */
  injected: z
    .array(
      z.union([
        z.strictObject({ call: text }),
        z.strictObject({ created: resource }),
        z.strictObject({ changed: resource }),
        z.strictObject({ deleted: resource }),
      ]),
    )
    .default([]),
  /** How few calls do. */
  least: z.int().positive(),
  moves,
  /** Why the official server cannot do it; or how few calls it takes there, and what differs. */
  official: z.union([
    text,
    z.strictObject({
      least: z.int().positive(),
      moves: moves.optional(),
      after: after.optional(),
      answer: answer.optional(),
      claim: claim.optional(),
    }),
  ]),
});

/** What is wrong with a list of tasks, or a file of them. */
export class TaskError extends Error {}

/** Checks one declaration and fills in its defaults. Throws TaskError. */
export const readTask = (declared) => {
  const read = taskSchema.safeParse(declared);
  if (read.success) return read.data;
  const [{ path, message }] = read.error.issues;
  const name = typeof declared?.id === "string" ? declared.id : "without an id";
  const where = path.length === 0 ? "" : ` at ${path.join(".")}`;
  throw new TaskError(`The task ${name} is wrong${where}: ${message}.`);
};

/** Checks declarations; no two have one id. Throws TaskError. */
const readTasks = (declared) => {
  const tasks = declared.map(readTask);
  const twice = tasks.find(({ id }, index) => tasks.findIndex((one) => one.id === id) !== index);
  if (twice !== undefined) throw new TaskError(`Two tasks have the id ${twice.id}.`);
  return tasks;
};

/** The tasks of this folder. */
export const loadTasks = () => readTasks(ownTasks);

/** The tasks of a module: its default export, one task or a list. Throws TaskError. */
export const loadTaskFile = async (path) => {
  const { default: declared } = await import(pathToFileURL(path).href).catch((error) => {
    throw new TaskError(`${path} cannot be loaded: ${error.message}`);
  });
  if (typeof declared !== "object" || declared === null)
    throw new TaskError(`${path} has no default export with a task, or a list of tasks.`);
  return readTasks([declared].flat());
};
