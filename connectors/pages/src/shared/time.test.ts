import { describe, expect, test } from "vitest";
import { agoTime, dayKey, dayName } from "./time";

const local = (year: number, month: number, day: number, hour = 12): string =>
  new Date(year, month - 1, day, hour).toISOString();
const now = new Date(2026, 2, 10, 9);

describe("dayName", () => {
  test("a message of an hour ago is today's", () => {
    expect(dayName(local(2026, 3, 10, 8), now, "en")).toBe("Today");
  });
  test("late last night is yesterday, though fewer than 24 hours ago", () => {
    expect(dayName(local(2026, 3, 9, 23), now, "en")).toBe("Yesterday");
  });
  test("an older day is named in the reader's language", () => {
    expect(dayName(local(2026, 3, 2), now, "de")).toBe("Montag, 2. März");
  });
  test("another year is said", () => {
    expect(dayName(local(2025, 12, 31), now, "en-GB")).toContain("2025");
  });
});

test("two times on one local day share a key, midnight parts them", () => {
  expect(dayKey(local(2026, 3, 9, 0))).toBe(dayKey(local(2026, 3, 9, 23)));
  expect(dayKey(local(2026, 3, 9, 23))).not.toBe(dayKey(local(2026, 3, 10, 0)));
});

describe("agoTime", () => {
  test.each([
    [10_000, "now"],
    [5 * 60_000, "5 min. ago"],
    [2 * 3_600_000, "2 hr. ago"],
    [50 * 3_600_000, "2 days ago"],
  ])("%i ms ago reads %s", (elapsed, words) => {
    expect(agoTime(new Date(now.getTime() - elapsed).toISOString(), now, "en")).toBe(words);
  });
  test("a clock that runs ahead is now, never the future", () => {
    expect(agoTime(new Date(now.getTime() + 90_000).toISOString(), now, "en")).toBe("now");
  });
});
