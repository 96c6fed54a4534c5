/** Colours of a site made readable: WCAG 2.2 contrast on our own surfaces. Colours are #rrggbb. */

type Rgb = [red: number, green: number, blue: number];

/** The least contrasting surfaces that carry links: bubbles, light and dark. */
export const LIGHT_SURFACE = "#eef1ef";
export const DARK_SURFACE = "#33291f";
const AA_TEXT = 4.5;
const STEPS = 20;

export interface Accent {
  /** Fill of the launcher and of the customer's own messages. */
  fill: string;
  /** Text on the fill. */
  onFill: string;
  /** The colour as text or icon on light and on dark surfaces. */
  onLight: string;
  onDark: string;
}

export function accentFrom(color: string): Accent {
  const onFill = contrast(color, "#ffffff") >= AA_TEXT ? "#ffffff" : "#101413";
  return {
    fill: towards(color, onFill === "#ffffff" ? "#000000" : "#ffffff", onFill),
    onFill,
    onLight: towards(color, "#000000", LIGHT_SURFACE),
    onDark: towards(color, "#ffffff", DARK_SURFACE),
  };
}

/** WCAG contrast ratio, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [low, high] = [luminance(parse(one)), luminance(parse(other))].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** The colour nearest to `color` on its way to `end` that can be read against `against`. */
function towards(color: string, end: string, against: string): string {
  const [from, to] = [parse(color), parse(end)];
  for (let step = 0; step <= STEPS; step++) {
    const mixed = format(from.map((value, index) => value + ((to[index]! - value) * step) / STEPS) as Rgb);
    if (contrast(mixed, against) >= AA_TEXT) return mixed;
  }
  return end;
}

function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function parse(color: string): Rgb {
  return [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16)) as Rgb;
}

function format(rgb: Rgb): string {
  return `#${rgb.map((value) => Math.round(value).toString(16).padStart(2, "0")).join("")}`;
}
