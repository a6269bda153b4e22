import { describe, expect, it } from "vitest";
import { allVisible, visible, withoutHidden } from "../../src/common/visible.ts";

describe("text from elsewhere", () => {
  it.each([
    ["a control character", "a\u001b[31mb", "a\\u{1b}[31mb"],
    ["a line break", "a\nb", "a\\u{a}b"],
    ["a C1 control", "a\u009bb", "a\\u{9b}b"],
    ["text that is turned round", "a\u202eb", "a\\u{202e}b"],
    ["a bidirectional isolate", "a\u2066b", "a\\u{2066}b"],
    ["a zero-width space", "a\u200bb", "a\\u{200b}b"],
    ["a zero-width joiner", "a\u200db", "a\\u{200d}b"],
    ["a soft hyphen", "a\u00adb", "a\\u{ad}b"],
    ["tag characters", "a\u{e0041}\u{e007f}", "a\\u{e0041}\\u{e007f}"],
    ["a variation selector", "a\ufe0fb", "a\\u{fe0f}b"],
    ["one of the later variation selectors", "a\u{e0100}b", "a\\u{e0100}b"],
    ["a Hangul filler", "a\u3164\u115f\uffa0b", "a\\u{3164}\\u{115f}\\u{ffa0}b"],
    ["a Khmer inherent vowel", "a\u17b4b", "a\\u{17b4}b"],
    ["a Mongolian selector", "a\u180bb", "a\\u{180b}b"],
    ["a grapheme joiner", "a\u034fb", "a\\u{34f}b"],
    ["a blank Braille pattern", "a\u2800b", "a\\u{2800}b"],
    ["a line separator", "a\u2028b", "a\\u{2028}b"],
    ["a private character", "a\ue000b", "a\\u{e000}b"],
    ["half of a pair", "a\ud800b", "a\\u{d800}b"],
  ])("shows %s", (_what, text, shown) => {
    expect(visible(text)).toBe(shown);
    expect(withoutHidden(text)).not.toContain(text.slice(1, 2));
  });

  it.each(["", "Größe 0", "日本 café 👍", "a  b", "परियोजना", "¿?", 'a"b\\c'])(
    "stays as it is where all of it is visible: %j",
    (text) => {
      expect(visible(text)).toBe(text);
      expect(withoutHidden(text)).toBe(text);
    },
  );

  it("is shown wherever it is in plain data", () => {
    const data = {
      "na\u200bme": ["a\u202e", { deep: "b\u0007" }],
      count: 5,
      flag: true,
      none: null,
    };
    expect(allVisible(data)).toEqual({
      "na\\u{200b}me": ["a\\u{202e}", { deep: "b\\u{7}" }],
      count: 5,
      flag: true,
      none: null,
    });
  });
});
