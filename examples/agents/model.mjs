// The model behind the agents: a scripted one, so that no key is needed, or the one that OPENAI_MODEL names.
import { startScriptedModel } from "./scripted-model.mjs";

/** Gives `{ name, baseURL, apiKey, close }` of an endpoint that speaks OpenAI's chat completions. */
export const openModel = async () => {
  const { OPENAI_MODEL, OPENAI_BASE_URL, OPENAI_API_KEY } = process.env;
  if (!OPENAI_MODEL) return startScriptedModel();
  if (!OPENAI_BASE_URL && !OPENAI_API_KEY) {
    console.error("OPENAI_MODEL needs OPENAI_API_KEY, or OPENAI_BASE_URL for your own endpoint.");
    process.exit(2);
  }
  return {
    name: OPENAI_MODEL,
    baseURL: OPENAI_BASE_URL || "https://api.openai.com/v1",
    apiKey: OPENAI_API_KEY || "none",
    close: () => {},
  };
};
