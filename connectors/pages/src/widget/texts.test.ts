import { describe, expect, test } from "vitest";
import { chooseLanguage, type Texts } from "./texts";

/** Every text by its path, functions and lists by their shape. */
function shape(texts: object, path = ""): string[] {
  return Object.entries(texts).flatMap(([name, value]) => {
    if (typeof value === "function") return [`${path}${name}()`];
    if (typeof value === "string") return [`${path}${name}`];
    return shape(value as object, `${path}${name}.`);
  });
}

function words(texts: object): unknown[] {
  return Object.values(texts).flatMap((value) => (typeof value === "object" ? words(value as object) : [value]));
}

const english = chooseLanguage(["en"]).texts;

describe.each(["de", "es", "fr"])("%s", (locale) => {
  const texts: Texts = chooseLanguage([locale]).texts;
  test("says everything that English says", () => expect(shape(texts)).toEqual(shape(english)));
  test("leaves nothing blank", () => expect(words(texts)).not.toContain(""));
  test("is not English", () => expect(texts.talkToPerson).not.toBe(english.talkToPerson));
});

test.each([
  [["de-AT"], "de-AT", "Nachricht schreiben"],
  [["pt_BR", "fr_CA"], "fr-CA", "Écrivez un message"],
  [["xx", "es-419"], "es-419", "Escribe un mensaje"],
  [["ja"], "en", "Write a message"],
  [[], "en", "Write a message"],
])("of %j it speaks %s", (wanted, locale, placeholder) => {
  const language = chooseLanguage(wanted);
  expect([language.locale, language.texts.placeholder]).toEqual([locale, placeholder]);
});

test.each(["en", "de", "es", "fr"])("a wait is never said to begin at nothing (%s)", (locale) => {
  const { minutes } = chooseLanguage([locale]).texts.cards;
  expect(minutes(0, 5)).toMatch(/5/);
  expect(minutes(0, 5)).not.toContain("0");
});
