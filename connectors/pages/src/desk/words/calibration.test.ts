import { expect, test } from "vitest";
import { bandName, offersLine, verdictOf } from "./calibration";

test.each([
  [{ decided: 4, needed: 0, not_needed: 0 }, "none judged yet"],
  [{ decided: 4, needed: 1, not_needed: 0 }, "1 of 1 judged was needed"],
  [{ decided: 20, needed: 8, not_needed: 2 }, "8 of 10 judged were needed"],
])("what agents found of %o reads %s", (tally, words) => {
  expect(verdictOf(tally)).toBe(words);
});

test.each([
  [{ low: 0, high: 3 }, "under 3"],
  [{ low: 3, high: 5 }, "3 to under 5"],
  [{ low: 9, high: null }, "9 and more"],
])("the scores %o read %s", (band, words) => {
  expect(bandName(band)).toBe(words);
});

test("offers are told with what came of them", () => {
  const none = { since: "", all: { decided: 0, needed: 0, not_needed: 0 }, reasons: [], scores: [], offers: 0, offers_taken: 0 };
  expect(offersLine(none)).toBe("The bot has offered a person to nobody.");
  expect(offersLine({ ...none, offers: 12, offers_taken: 5 })).toBe("The bot has offered a person 12 times; 5 said yes.");
});
