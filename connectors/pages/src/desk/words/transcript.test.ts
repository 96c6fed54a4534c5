import { describe, expect, test } from "vitest";
import { message } from "../testing/people";
import { deliveriesOf, rowsOf } from "./transcript";

const local = (day: number, hour: number, minute = 0): string => new Date(2026, 2, day, hour, minute).toISOString();

describe("rows", () => {
  test("a new day is said before its first message", () => {
    const rows = rowsOf([message(1, { at: local(9, 23, 59) }), message(2, { at: local(10, 0, 1) })]);
    expect(rows.map((row) => row.kind)).toEqual(["day", "message", "day", "message"]);
  });

  test("a new case is said, the first one goes without saying", () => {
    const at = local(10, 9);
    const rows = rowsOf([message(1, { at }), message(2, { at, case: 2 })]);
    expect(rows.map((row) => row.kind)).toEqual(["day", "message", "case", "message"]);
  });

  test("a transcript that begins in a later case says so", () => {
    expect(rowsOf([message(501, { case: 3 })]).map((row) => row.kind)).toEqual(["day", "case", "message"]);
  });

  test("one speaker's lines hang together, for a breath", () => {
    const rows = rowsOf([
      message(1, { at: local(10, 9, 0) }),
      message(2, { at: local(10, 9, 1) }),
      message(3, { at: local(10, 9, 30) }),
      message(4, { at: local(10, 9, 30), author: "bot", name: "Fern" }),
    ]);
    expect(rows.flatMap((row) => (row.kind === "message" ? [row.follows] : []))).toEqual([false, true, false, false]);
  });

  test("two agents are two speakers", () => {
    const rows = rowsOf([message(1, { author: "agent", name: "Ana" }), message(2, { author: "agent", name: "Ben" })]);
    expect(rows.at(-1)).toMatchObject({ follows: false });
  });

  test("a system line stands between", () => {
    const rows = rowsOf([message(1), message(2, { author: "system" }), message(3)]);
    expect(rows.map((row) => row.kind)).toEqual(["day", "message", "event", "message"]);
    expect(rows.at(-1)).toMatchObject({ follows: false });
  });
});

describe("deliveries", () => {
  const bots = (seq: number, state: "sent" | "pending" | "dead" | "cancelled"): ReturnType<typeof message> =>
    message(seq, { author: "bot", state });

  test("seen and sent stand only at the newest message each is true of", () => {
    const deliveries = deliveriesOf([1, 2, 3, 4].map((seq) => bots(seq, "sent")), 2);
    expect([...deliveries]).toEqual([
      [2, "seen"],
      [4, "sent"],
    ]);
  });

  test("what did not arrive is said at every message", () => {
    const deliveries = deliveriesOf([bots(1, "dead"), bots(2, "dead"), bots(3, "cancelled"), bots(4, "pending")], 9);
    expect([...deliveries.values()]).toEqual(["dead", "dead", "cancelled", "on_its_way"]);
  });

  test("a customer's message says only that it still waits", () => {
    const deliveries = deliveriesOf([message(1, { state: "done" }), message(2, { state: "waiting" })], 9);
    expect(deliveries.get(1)).toBeNull();
    expect(deliveries.get(2)).toBe("waiting");
  });

  test("a system line speaks of its delivery only when it failed", () => {
    const deliveries = deliveriesOf([1, 2].map((seq) => message(seq, { author: "system", state: seq === 1 ? "sent" : "dead" })), 0);
    expect(deliveries.get(1)).toBeNull();
    expect(deliveries.get(2)).toBe("dead");
  });
});
