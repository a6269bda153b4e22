// Which model plays. A model opens conversations: `say` adds what the user says, `results` those of tools, and `next` asks
// for the model's message: `{text, calls: [{id, name, args, problem?}], tokens: {in, out}}`.
import { createAnthropic } from "./anthropic.mjs";
import { createModelSender } from "./http.mjs";
import { createOpenAi } from "./openai.mjs";

const providers = { anthropic: createAnthropic, openai: createOpenAi };
const keys = { anthropic: "ANTHROPIC_API_KEY", openai: "OPENAI_API_KEY" };
const addresses = { anthropic: "ANTHROPIC_BASE_URL", openai: "OPENAI_BASE_URL" };

/** The settings of the model are wrong. */
export class ModelSettingsError extends Error {}

const providerIn = (env) => {
  const { EVALS_PROVIDER: named } = env;
  if (named && !Object.hasOwn(providers, named))
    throw new ModelSettingsError(`EVALS_PROVIDER is ${named}; it can be anthropic or openai.`);
  return named || Object.keys(keys).find((name) => env[keys[name]]);
};

/** The model that plays from the script of each task, through both adapters in turn. */
const scripted = () => {
  const sender = createModelSender({ maxRetries: 0 });
  return {
    name: "scripted",
    isScripted: true,
    play: async (moves, index) => {
      const { startScriptedModel } = await import("./scripted.mjs");
      const { anthropicUrl, openaiUrl, close } = await startScriptedModel(moves);
      const options = { model: "scripted", apiKey: "none", sender };
      const open =
        index % 2 === 0
          ? createAnthropic({ ...options, baseUrl: anthropicUrl })
          : createOpenAi({ ...options, baseUrl: openaiUrl });
      return { open, close };
    },
    close: () => sender.close(),
  };
};

/**
 * The model that the environment and `--model` name, or the scripted one where they name none. Its `play` is asked once a
 * task for `{open, close}`. Throws ModelSettingsError.
 * @param {Record<string, string | undefined>} env
 * @param {string} [named]
 */
export const chooseModel = (env, named) => {
  const model = named ?? env.EVALS_MODEL;
  if (!model || model === "scripted") return scripted();
  const provider = providerIn(env);
  if (provider === undefined)
    throw new ModelSettingsError(
      `The model ${model} needs ANTHROPIC_API_KEY or OPENAI_API_KEY, or EVALS_PROVIDER with EVALS_BASE_URL for an endpoint without a key.`,
    );
  const { [keys[provider]]: apiKey } = env;
  const baseUrl = env.EVALS_BASE_URL || env[addresses[provider]];
  if (!apiKey && !baseUrl)
    throw new ModelSettingsError(
      `The provider ${provider} needs ${keys[provider]}, or EVALS_BASE_URL.`,
    );
  const sender = createModelSender();
  const open = providers[provider]({
    model,
    sender,
    ...(baseUrl ? { baseUrl } : {}),
    ...(apiKey ? { apiKey } : {}),
  });
  return {
    name: model,
    provider,
    isScripted: false,
    play: async () => ({ open, close: () => {} }),
    close: () => sender.close(),
  };
};
