import { describe, expect, test } from "vitest";
import { accentFrom, contrast, DARK_SURFACE, LIGHT_SURFACE } from "./color";

test("contrast is WCAG's: 21 between black and white, 1 between equals", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
  expect(contrast("#1f5f4e", "#1f5f4e")).toBe(1);
});

describe.each(["#1f5f4e", "#ffd400", "#ff4d4d", "#777777", "#000000", "#ffffff", "#00a3ff", "#8bc34a"])(
  "a site's %s",
  (color) => {
    const accent = accentFrom(color);
    test("carries readable text", () => expect(contrast(accent.fill, accent.onFill)).toBeGreaterThanOrEqual(4.5));
    test("is readable on light", () => expect(contrast(accent.onLight, LIGHT_SURFACE)).toBeGreaterThanOrEqual(4.5));
    test("is readable on dark", () => expect(contrast(accent.onDark, DARK_SURFACE)).toBeGreaterThanOrEqual(4.5));
  },
);

test("a colour that is readable as it is stays as it is", () => {
  expect(accentFrom("#1f5f4e")).toMatchObject({ fill: "#1f5f4e", onLight: "#1f5f4e" });
});
