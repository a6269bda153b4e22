/** Finds what is wrong with JSON that a person has written. */
import { type ParseError, type ParseOptions, parseTree, printParseErrorCode } from "jsonc-parser";

const sentences: Readonly<Record<string, string>> = {
  InvalidSymbol: "this is not a value; text needs double quotes",
  InvalidNumberFormat: "the number is not complete",
  UnexpectedEndOfNumber: "the number is not complete",
  PropertyNameExpected: "a name in double quotes is missing",
  ValueExpected: "a value is missing",
  ColonExpected: "a : is missing",
  CommaExpected: "a , is missing",
  CloseBraceExpected: "a } is missing",
  CloseBracketExpected: "a ] is missing",
  EndOfFileExpected: "there is more after its end",
  InvalidCommentToken: "it must not have comments",
  UnexpectedEndOfComment: "the comment has no end",
  UnexpectedEndOfString: 'the text has no " at its end',
  InvalidUnicode: "\\u needs four hexadecimal digits",
  InvalidEscapeCharacter: 'after \\ only " \\ / b f n r t u may stand',
  InvalidCharacter: "a control character must be written with \\, such as \\n",
};

// An object that ends in a list, or a list that ends in an object: what is missing is the end of the inner one.
const missingAt: Readonly<Record<string, string>> = {
  "}": "a ] is missing",
  "]": "a } is missing",
};

const sentenceFor = ({ error, offset }: ParseError, text: string): string => {
  const code = printParseErrorCode(error);
  const mixed = code === "CommaExpected" ? missingAt[text.charAt(offset)] : undefined;
  return mixed ?? sentences[code] ?? "it cannot be read";
};

/** The line and column of an offset, counted from 1 as editors do. */
export const placeOf = (text: string, offset: number): { line: number; column: number } => {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
};

/** A JSON text as a tree, or its first problem. */
export const parseJsonText = (
  text: string,
  options: ParseOptions,
): { tree: NonNullable<ReturnType<typeof parseTree>> } | { says: string; offset: number } => {
  if (text.trim() === "") return { says: "the file is empty", offset: 0 };
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, options);
  const [broken] = errors;
  if (broken !== undefined) return { says: sentenceFor(broken, text), offset: broken.offset };
  return tree === undefined ? { says: "a value is missing", offset: 0 } : { tree };
};
