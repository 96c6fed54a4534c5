import { describe, expect, test } from "vitest";
import type { Understanding } from "../../shared/wire";
import { mayas, message } from "../testing/people";
import { endsUnanswered, handoffLine, reasonName, urgencyOf } from "./handoff";
import { piecesOf, safeHref } from "./links";
import { inTalkOrder, isLate, money } from "./orders";
import { customerName, initials, withMembers } from "./people";
import { readingOf } from "./understanding";
import { clockOf, patienceOf, spokenDuration } from "./waiting";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

describe("waiting", () => {
  test.each([
    [9 * SECOND, "0:09"],
    [4 * MINUTE + 12 * SECOND, "4:12"],
    [65 * MINUTE, "1:05:00"],
    [-5 * SECOND, "0:00"],
  ])("%i ms ticks as %s", (elapsed, shown) => expect(clockOf(elapsed)).toBe(shown));

  test.each([
    [20 * SECOND, "less than a minute"],
    [MINUTE, "1 minute"],
    [120 * MINUTE, "2 hours"],
    [125 * MINUTE, "2 hours 5 minutes"],
  ])("%i ms is read out as %s", (elapsed, spoken) => expect(spokenDuration(elapsed)).toBe(spoken));

  test.each([
    [MINUTE, "fresh"],
    [3 * MINUTE, "long"],
    [10 * MINUTE, "too_long"],
  ])("after %i ms it feels %s", (elapsed, feeling) => expect(patienceOf(elapsed)).toBe(feeling));
});

describe("links", () => {
  test("an address in a sentence is a link, its full stop is not", () => {
    expect(piecesOf("See https://example.com/a?b=1. Thanks")).toEqual([
      { text: "See ", href: null },
      { text: "https://example.com/a?b=1", href: "https://example.com/a?b=1" },
      { text: ". Thanks", href: null },
    ]);
  });

  test("no word is lost, whatever the text", () => {
    const text = "<b>https://</b> http://a (https://b.example) javascript:alert(1) data:text/html,x";
    expect(piecesOf(text).map((piece) => piece.text).join("")).toBe(text);
  });

  test("only http and https become links", () => {
    expect(piecesOf("javascript:alert(1) ftp://x file:///etc").every((piece) => piece.href === null)).toBe(true);
  });

  test.each([
    ["https://ups.example/1", true],
    ["/labels/RT-1.pdf", true],
    ["//evil.example/x", false],
    ["/\\evil.example", false],
    ["javascript:alert(1)", false],
    ["data:text/html,x", false],
    [" https://spaced.example", false],
  ])("%s may be opened: %s", (url, may) => expect(safeHref(url) !== null).toBe(may));
});

describe("what the bot understood", () => {
  const understanding = (change: Partial<Understanding>): Understanding => ({
    intent: { name: "track_order", confidence: 0.974 },
    faq: null,
    entities: [],
    frustration: null,
    ...change,
  });

  test("an intent reads as words, with whole per cents", () => {
    expect(readingOf(understanding({}))).toMatchObject({ intent: "Track order", confidence: 97, unsure: false });
  });

  test("names that only mean something to the bot are put plainly", () => {
    expect(readingOf(understanding({ intent: { name: "inform", confidence: 1 } })).intent).toBe("Gave details");
    expect(readingOf(understanding({ intent: { name: "nlu_fallback", confidence: 0.63 } })).intent).toBe("Not understood");
  });

  test("the shop's own names among the details read as words", () => {
    const entities = [
      { entity: "item", value: "wool-throw" },
      { entity: "return_reason", value: "changed_mind" },
      { entity: "email", value: "maya-lee@example.com" },
      { entity: "order_number", value: "FD-10412" },
    ];
    const values = readingOf(understanding({ entities })).entities.map(({ value }) => value);
    expect(values).toEqual(["wool throw", "changed mind", "maya-lee@example.com", "FD-10412"]);
  });

  test("a question of the FAQ is named by its answer", () => {
    expect(readingOf(understanding({ faq: "faq/return_policy" })).intent).toBe("FAQ: Return policy");
  });

  test("a guess is shown as one", () => {
    expect(readingOf(understanding({ intent: { name: "complaint", confidence: 0.4 } })).unsure).toBe(true);
    expect(readingOf(understanding({ intent: null }))).toMatchObject({ intent: "Not understood", confidence: null, unsure: true });
  });

  test("calm goes without saying", () => {
    expect(readingOf(understanding({ frustration: { score: 0.2, frustrated: false } })).frustration).toBeNull();
    expect(readingOf(understanding({ frustration: { score: 0.2, frustrated: true } })).frustration).toEqual({ percent: 20, frustrated: true });
  });
});

describe("names", () => {
  test.each([
    ["Maya Lindqvist", "ML"],
    ["Ana", "A"],
    ["  ", "?"],
    ["José María Olazábal", "JO"],
  ])("%s is %s", (name, letters) => expect(initials(name)).toBe(letters));

  test("a customer without a name is still somebody", () => {
    expect(customerName({ customer: { name: null }, channel: "web" })).toBe("A customer on the web");
    expect(customerName({ customer: { name: null }, channel: "telegram" })).toBe("A customer on Telegram");
  });

  test("a reason nobody has named yet reads as it is written", () => {
    expect(reasonName("not_understood")).toBe("Not understood");
    expect(reasonName("order_value")).toBe("Order value");
  });

  test("an urgent case that nobody has answered asks why it ends", () => {
    const urgent = mayas({ case: 2, ticket: { ...mayas().ticket!, priority: 2 } });
    const before = message(1, { author: "agent", case: 1 });
    expect(endsUnanswered(urgent, [before, message(2, { case: 2 })])).toBe(true);
    expect(endsUnanswered(urgent, [before, message(3, { author: "agent", case: 2 })])).toBe(false);
    expect(endsUnanswered(mayas(), [before])).toBe(false);
  });

  test("a threat with the law is not about safety", () => {
    expect(reasonName("legal")).toBe("Legal");
  });

  test.each([
    [0, "ordinary"],
    [1, "raised"],
    [2, "urgent"],
    ["2", "urgent"],
    ["odd", "ordinary"],
  ])("priority %s is %s", (priority, urgency) => expect(urgencyOf(priority)).toBe(urgency));

  test("a place in the queue is only named when there is one", () => {
    expect(handoffLine({ state: "queued", position: 3 })).toBe("Waiting for a person, number 3 in the queue");
    expect(handoffLine({ state: "queued" })).toBe("Waiting for a person");
    expect(handoffLine({ state: "ended", agent: "Ana" })).toBe("The talk with a person ended");
    expect(handoffLine({ state: "ended" })).toBe("Left the queue");
  });
});

describe("orders", () => {
  test("amounts read in their currency, and an unknown one still reads", () => {
    expect(money("54.00", "USD", "en-US")).toBe("$54.00");
    expect(money(5, "juniper", "en-US")).toBe("5.00 juniper");
  });

  test("late is on its way after the day it was due", () => {
    const order = { state: "shipped", due_at: "2026-03-09T00:00:00Z", delivered_at: null };
    const now = Date.parse("2026-03-10T00:00:00Z");
    expect(isLate(order, now)).toBe(true);
    expect(isLate({ ...order, delivered_at: "2026-03-09T12:00:00Z" }, now)).toBe(false);
    expect(isLate({ ...order, state: "cancelled" }, now)).toBe(false);
    expect(isLate({ ...order, due_at: "2026-03-11T00:00:00Z" }, now)).toBe(false);
  });

  test("the one that is spoken of comes first", () => {
    const numbers = (spokenOf: unknown): string[] =>
      inTalkOrder([{ number: "FD-10457" }, { number: "FD-10412" }, { number: "FD-10288" }], spokenOf).map(({ number }) => number);
    expect(numbers("FD-10412")).toEqual(["FD-10412", "FD-10457", "FD-10288"]);
    expect(numbers(undefined)).toEqual(["FD-10457", "FD-10412", "FD-10288"]);
  });
});

test("only teams that somebody is in can be passed on to", () => {
  const returns = { name: "returns", agents: 2, present: 0 };
  expect(withMembers([{ name: "billing", agents: 0, present: 0 }, returns])).toEqual([returns]);
});
