/** What a site may say in the script tag's data attributes; docs/embedding.md is its manual. */
export interface WidgetConfig {
  /** The desk's origin, taken from the script's own address. */
  origin: string;
  title: string | null;
  greeting: string | null;
  /** First questions as buttons. They are sent as they are, so only the site knows which its bot understands. */
  starters: string[];
  /** #rrggbb */
  color: string | null;
  position: "left" | "right";
  locale: string | null;
  theme: "light" | "dark" | null;
  open: boolean;
  launcher: boolean;
}

export function readConfig(script: HTMLScriptElement): WidgetConfig {
  const { title, greeting, starters, color, position, locale, theme, open, launcher } = script.dataset;
  return {
    origin: new URL(script.src).origin,
    title: title?.trim() || null,
    greeting: greeting?.trim() || null,
    starters: (starters ?? "")
      .split("|")
      .map((text) => text.trim())
      .filter(Boolean),
    color: hexColor(color),
    position: position === "left" ? "left" : "right",
    locale: locale?.trim() || null,
    theme: theme === "light" || theme === "dark" ? theme : null,
    open: open === "" || open === "true",
    launcher: launcher !== "false",
  };
}

/** "#2a7" and "#22aa77" are colours; everything else leaves the widget its own. */
function hexColor(text: string | undefined): string | null {
  const digits = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text?.trim() ?? "")?.[1];
  if (!digits) return null;
  return `#${digits.length === 3 ? [...digits].map((digit) => digit + digit).join("") : digits}`.toLowerCase();
}
