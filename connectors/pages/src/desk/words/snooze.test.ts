import { describe, expect, test } from "vitest";
import { fieldValue, momentOf, presets, whenBack } from "./snooze";

const TUESDAY = new Date(2026, 2, 10, 14, 20, 30);

describe("presets", () => {
  test("are whole minutes in the agent's own time", () => {
    expect(presets(TUESDAY).map(({ name, until }) => [name, fieldValue(until)])).toEqual([
      ["In an hour", "2026-03-10T15:21"],
      ["In three hours", "2026-03-10T17:21"],
      ["Tomorrow morning", "2026-03-11T09:00"],
      ["Next Monday morning", "2026-03-16T09:00"],
    ]);
  });

  test.each([
    [new Date(2026, 2, 14, 8, 0), "2026-03-16T09:00"],
    [new Date(2026, 2, 16, 8, 0), "2026-03-23T09:00"],
    [new Date(2026, 2, 21, 23, 59), "2026-03-23T09:00"],
  ])("next Monday is never today: %s", (now, monday) => {
    expect(fieldValue(presets(now)[3]!.until)).toBe(monday);
  });
});

test("on a Sunday tomorrow is Monday, and no morning is offered twice", () => {
  const names = presets(new Date(2026, 2, 15, 14, 20)).map(({ name }) => name);
  expect(names).toEqual(["In an hour", "In three hours", "Tomorrow morning"]);
});

test("an own time is read in local time, and an unfinished one not at all", () => {
  expect(momentOf("2026-03-11T09:00")).toEqual(new Date(2026, 2, 11, 9));
  expect(momentOf("")).toBeNull();
  expect(momentOf("not a time")).toBeNull();
});

test.each([
  [new Date(2026, 2, 10, 17, 0), "at 5:00 PM"],
  [new Date(2026, 2, 11, 9, 0), "tomorrow at 9:00 AM"],
  [new Date(2026, 2, 16, 9, 0), "on Monday, March 16 at 9:00 AM"],
])("when it is back reads like speech: %s", (until, words) => {
  expect(whenBack(until, TUESDAY, "en-US").replaceAll("\u202f", " ")).toBe(words);
});
