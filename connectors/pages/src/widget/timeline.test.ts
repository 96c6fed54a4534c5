import { describe, expect, test } from "vitest";
import type { Handoff, QuickReply } from "../shared/wire";
import type { UnsentMessage } from "./session/outbox";
import type { CustomerEntry, Entry, ReplyEntry } from "./session/transcript";
import { openQuestions, timeline, waitingActions } from "./timeline";

const now = new Date(2026, 2, 10, 18);
const at = (day: number, hour: number, minute = 0): string => new Date(2026, 2, day, hour, minute).toISOString();

function reply(seq: number, extra: Partial<ReplyEntry> = {}): ReplyEntry {
  const words = { text: `reply ${seq}`, quickReplies: [], attachment: null, handoff: null };
  return { kind: "reply", seq, at: at(10, 9), author: "bot", name: "Fern", ...words, ...extra };
}

function own(seq: number, when = at(10, 9)): CustomerEntry {
  return { kind: "customer", seq, at: when, id: `id-${seq}`, text: `own ${seq}`, attachment: null };
}

function notice(seq: number, handoff: Handoff): ReplyEntry {
  return reply(seq, { author: "system", name: null, handoff });
}

const unsent: UnsentMessage = { id: "u", message: "Hi", title: "Hi", at: at(10, 9, 1), order: 1, failure: null };
const yesNo: QuickReply[] = [
  { title: "Yes", payload: "q_1" },
  { title: "No", payload: "q_2" },
];
const draw = (entries: Entry[], waiting: UnsentMessage[] = []) => timeline(entries, waiting, now, "en");
const kinds = (entries: Entry[], waiting: UnsentMessage[] = []): string[] =>
  draw(entries, waiting).map((item) => item.kind);

describe("days and runs", () => {
  test("each new day begins with its name", () => {
    const labels = draw([reply(1, { at: at(9, 23, 59) }), reply(2, { at: at(10, 0, 1) })]);
    expect(labels.map((item) => (item.kind === "day" ? item.label : item.kind))).toEqual([
      "Yesterday",
      "reply",
      "Today",
      "reply",
    ]);
  });

  test("one speaker's messages in a row are one run, with its name first and its time last", () => {
    const items = draw([reply(1), reply(2), reply(3, { author: "agent", name: "Ana" })]).filter(
      (item) => item.kind === "reply",
    );
    expect(items.map(({ first, last }) => [first, last])).toEqual([
      [true, false],
      [false, true],
      [true, true],
    ]);
  });

  test("a pause breaks a run", () => {
    const items = draw([own(1, at(10, 9)), own(2, at(10, 9, 6))]).filter((item) => item.kind === "own");
    expect(items.map((item) => item.first)).toEqual([true, true]);
  });

  test("what is still to be sent follows what was said", () => {
    expect(kinds([own(1)], [unsent])).toEqual(["day", "own", "unsent"]);
  });
});

describe("quick replies", () => {
  const asks = (seq: number): ReplyEntry => reply(seq, { quickReplies: yesNo });
  const open = (entries: Entry[], waiting: UnsentMessage[] = []): number[] =>
    openQuestions(entries, waiting).map((entry) => entry.seq);

  test("can be used while they are the last word, also when the bot said more", () => {
    expect(open([asks(1), reply(2)])).toEqual([1]);
    expect(kinds([asks(1), reply(2)])).toEqual(["day", "reply", "reply", "quickReplies"]);
  });
  test("of an offer stay, under its own words, when a question with buttons follows it", () => {
    expect(open([asks(1), asks(2), reply(3)])).toEqual([1, 2]);
    const drawn = draw([asks(1), asks(2), reply(3)]).map((item) => item.key);
    expect(drawn.slice(1)).toEqual(["seq-1", "quick-replies-1", "seq-2", "seq-3", "quick-replies-2"]);
  });
  test("retire once the customer has answered, all of them", () => {
    expect(open([asks(1), asks(2), own(3)])).toEqual([]);
    expect(open([asks(1), own(2), asks(3)])).toEqual([3]);
  });
  test("retire at once, before the desk has the answer", () => {
    expect(open([asks(1)], [unsent])).toEqual([]);
  });
  test("of a wait are no chips, and leave the bot's own in use", () => {
    const wait = notice(2, { state: "queued" });
    wait.quickReplies = [{ title: "Leave the queue", payload: "q_3" }];
    expect(open([wait])).toEqual([]);
    expect(open([asks(1), wait])).toEqual([1]);
    expect(waitingActions([wait, own(3), reply(4)])).toEqual(wait.quickReplies);
    expect(waitingActions([wait, notice(5, { state: "connected" })])).toEqual([]);
  });
  test("retire when a person has taken over or says something, and an agent's own are in use", () => {
    expect(open([asks(1), notice(2, { state: "connected" })])).toEqual([]);
    expect(open([asks(1), reply(2, { author: "agent", name: "Ana", quickReplies: yesNo })])).toEqual([2]);
  });
});

describe("handoff", () => {
  test("an offer is a message like any other", () => {
    expect(kinds([reply(1, { handoff: { state: "offered" } })])).toEqual(["day", "reply"]);
  });

  test("of several notices about one wait only the newest is live, and none is lost", () => {
    const items = draw([
      notice(1, { state: "queued", position: 3 }),
      own(2),
      notice(3, { state: "queued", position: 2 }),
    ]);
    expect(items.flatMap((item) => (item.kind === "card" ? [[item.handoff.position, item.live]] : []))).toEqual([
      [3, false],
      [2, true],
    ]);
  });

  test("a second wait leaves the first in the history", () => {
    const states = draw([
      notice(1, { state: "queued" }),
      notice(2, { state: "connected" }),
      notice(3, { state: "ended" }),
      notice(4, { state: "queued" }),
    ]).flatMap((item) => (item.kind === "card" ? [[item.handoff.state, item.live]] : []));
    expect(states).toEqual([
      ["queued", false],
      ["connected", false],
      ["ended", false],
      ["queued", true],
    ]);
  });
});
