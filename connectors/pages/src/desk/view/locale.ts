/** The reader's language and customs for times and money; the desk's own words are English. */
export const locale = new Intl.Locale(navigator.language).language === "en" ? navigator.language : "en-GB";
