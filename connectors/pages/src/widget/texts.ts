/** The languages the widget speaks. One is complete or it is not here. */
import { english, type Texts } from "./texts/english";
import { french } from "./texts/french";
import { german } from "./texts/german";
import { spanish } from "./texts/spanish";

export type { Texts };

const languages: Record<string, Texts> = { en: english, de: german, es: spanish, fr: french };

export interface Language {
  /** BCP 47, for Intl and the lang attribute. */
  locale: string;
  texts: Texts;
}

/** The first wanted locale whose language we speak, or English: dates and words are always of one language. */
export function chooseLanguage(wanted: readonly string[]): Language {
  for (const locale of wanted) {
    const texts = languages[locale.split(/[-_]/)[0]!.toLowerCase()];
    if (texts) return { locale: validLocale(locale), texts };
  }
  return { locale: "en", texts: english };
}

function validLocale(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale.replaceAll("_", "-"))[0]!;
  } catch {
    return locale.split(/[-_]/)[0]!.toLowerCase();
  }
}
