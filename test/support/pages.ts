/** The code of the documentation's pages. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The blocks of a page in `docs` in one language, in order. */
export const codeOf = (page: string, language: string): string[] => {
  const text = readFileSync(fileURLToPath(new URL(`../../docs/${page}`, import.meta.url)), "utf8");
  const blocks = text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"));
  return [...blocks].map(([, code = ""]) => code);
};
