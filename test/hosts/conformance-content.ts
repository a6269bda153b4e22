/** What the conformance suite wants to find on a server: content of every kind, under the names that its scenarios call. */
import { ResourceNotFoundError } from "@modelcontextprotocol/server";

/** One red pixel, and a sound of no length. */
export const png =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
export const wav = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=";

export const text = (value: string) => ({ type: "text" as const, text: value });
export const image = { type: "image" as const, data: png, mimeType: "image/png" };
export const resource = (uri: string, mimeType: string, value: string) => ({
  type: "resource" as const,
  resource: { uri, mimeType, text: value },
});

export const resources = [
  { uri: "test://static-text", name: "text", description: "A text", mimeType: "text/plain" },
  { uri: "test://static-binary", name: "pixel", description: "A pixel", mimeType: "image/png" },
  { uri: "test://watched-resource", name: "watched", description: "One to watch" },
];

export const resourceTemplates = [
  { uriTemplate: "test://template/{id}/data", name: "data", mimeType: "application/json" },
];

/** What is behind an address. */
export const readResource = (uri: string) => {
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
  if (id !== undefined) {
    const data = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` });
    return { contents: [{ uri, mimeType: "application/json", text: data }] };
  }
  if (uri === "test://static-binary")
    return { contents: [{ uri, mimeType: "image/png", blob: png }] };
  if (!resources.some((one) => one.uri === uri)) throw new ResourceNotFoundError(uri);
  const value = "This is the content of the static text resource.";
  return { contents: [{ uri, mimeType: "text/plain", text: value }] };
};

const user = (content: object) => ({ role: "user" as const, content });

type Args = Record<string, string>;

const argument = (name: string) => ({ name, description: "An argument", required: true });

/** Prompts by name: their arguments, and what they say. */
export const prompts: Record<string, { arguments: string[]; messages(args: Args): object[] }> = {
  test_simple_prompt: {
    arguments: [],
    messages: () => [user(text("This is a simple prompt for testing."))],
  },
  test_prompt_with_arguments: {
    arguments: ["arg1", "arg2"],
    messages: ({ arg1, arg2 }) => [
      user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)),
    ],
  },
  test_prompt_with_embedded_resource: {
    arguments: ["resourceUri"],
    messages: ({ resourceUri = "" }) => [
      user(resource(resourceUri, "text/plain", "Embedded resource content for testing.")),
      user(text("Please process the embedded resource above.")),
    ],
  },
  test_prompt_with_image: {
    arguments: [],
    messages: () => [user(image), user(text("Please analyze the image above."))],
  },
};

export const listedPrompts = () =>
  Object.entries(prompts).map(([name, one]) => ({
    name,
    description: "A prompt of the conformance suite",
    arguments: one.arguments.map(argument),
  }));
