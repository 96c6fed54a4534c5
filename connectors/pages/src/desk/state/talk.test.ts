import { expect, test } from "vitest";
import { detailOf, mayas, message } from "../testing/people";
import { Talk } from "./talk";

function opened(...seqs: number[]): Talk {
  const talk = new Talk("c_maya");
  talk.take(detailOf(mayas(), seqs.map((seq) => message(seq))));
  return talk;
}

const seqs = (talk: Talk): number[] => talk.messages.value.map((one) => one.seq);

test("a message that comes twice is shown once, as it was last", () => {
  const talk = opened(1, 2);
  talk.merge([message(2, { author: "agent", state: "sending" })]);
  talk.merge([message(2, { author: "agent", state: "dead" })]);
  expect(seqs(talk)).toEqual([1, 2]);
  expect(talk.messages.value[1]?.state).toBe("dead");
});

test("messages stand in order, however they arrive", () => {
  const talk = opened(2);
  talk.merge([message(4), message(3), message(1)]);
  expect(seqs(talk)).toEqual([1, 2, 3, 4]);
  expect(talk.lastSeq).toBe(4);
});

test("a gap is noticed with the place it begins", () => {
  const talk = opened(1, 2);
  expect(talk.merge([message(3)])).toBeNull();
  expect(talk.merge([message(6)])).toBe(3);
  expect(talk.merge([message(4), message(5)])).toBeNull();
});

test("the first messages are no gap, wherever they begin", () => {
  expect(new Talk("c_maya").merge([message(501)])).toBeNull();
});

test("a refresh changes the state of what is known and loses nothing that came later", () => {
  const talk = opened(1, 2);
  talk.merge([message(3)]);
  talk.take(detailOf(mayas(), [message(1), message(2, { state: "dead", author: "agent" })]));
  expect(seqs(talk)).toEqual([1, 2, 3]);
  expect(talk.messages.value[1]?.state).toBe("dead");
});

test("the customer's new message ends their typing", () => {
  const talk = opened(1);
  talk.typing.value = { author: "customer", name: null };
  talk.merge([message(1)]);
  expect(talk.typing.value).not.toBeNull();
  talk.merge([message(2)]);
  expect(talk.typing.value).toBeNull();
});

test("what the customer has seen never goes back", () => {
  const talk = opened(1);
  talk.customerHasSeen(5);
  talk.customerHasSeen(3);
  expect(talk.seenSeq.value).toBe(5);
});

test("a note that was added twice is one note", () => {
  const talk = opened(1);
  const note = { id: "n_1", agent: { id: "a_ana", name: "Ana" }, text: "called the depot", at: "2026-03-10T09:00:00Z" };
  talk.addNote(note);
  talk.addNote(note);
  expect(talk.detail.value?.notes).toEqual([note]);
});
