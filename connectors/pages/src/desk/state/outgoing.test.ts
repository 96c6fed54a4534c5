import { beforeEach, expect, test } from "vitest";
import type { Message } from "../../shared/wire";
import { DeskError, offline } from "../api/errors";
import { MemoryStorage } from "../testing/memory_storage";
import { message } from "../testing/people";
import { OutgoingMessages } from "./outgoing";

const gateway = { tries: [] as { id: string; text: string }[], failure: null as DeskError | null, taken: new Map<string, string>() };
let storage: MemoryStorage;
let accepted: Message[];

async function post(_conversation: string, id: string, text: string): Promise<Message> {
  gateway.tries.push({ id, text });
  if (gateway.failure) throw gateway.failure;
  gateway.taken.set(id, text);
  return message(gateway.taken.size, { author: "agent", text, client_id: id });
}

function outbox(): OutgoingMessages {
  return new OutgoingMessages(storage, "a_ana", post, (_id, one) => accepted.push(one));
}

beforeEach(() => {
  Object.assign(gateway, { tries: [], failure: null, taken: new Map() });
  storage = new MemoryStorage();
  accepted = [];
});

test("messages arrive in the order they were typed, each once", async () => {
  const outgoing = outbox();
  await Promise.all(["one", "two", "three"].map((text) => outgoing.send("c_maya", text)));
  expect(accepted.map((one) => one.text)).toEqual(["one", "two", "three"]);
  expect(gateway.tries).toHaveLength(3);
  expect(outgoing.items.value).toEqual([]);
});

test("when one can't be sent, the later ones wait behind it and keep their order", async () => {
  const outgoing = outbox();
  gateway.failure = offline();
  await Promise.all([outgoing.send("c_maya", "one"), outgoing.send("c_maya", "two")]);
  expect(gateway.tries.map((one) => one.text)).toEqual(["one"]);
  expect(outgoing.of("c_maya").map((item) => [item.text, item.state])).toEqual([
    ["one", "failed"],
    ["two", "failed"],
  ]);

  gateway.failure = null;
  await outgoing.retry("c_maya");
  expect([...gateway.taken.values()]).toEqual(["one", "two"]);
});

test("trying again uses the same id, so the gateway can tell", async () => {
  const outgoing = outbox();
  gateway.failure = offline();
  await outgoing.send("c_maya", "one");
  gateway.failure = null;
  await outgoing.retryAll();
  expect(new Set(gateway.tries.map((one) => one.id)).size).toBe(1);
  expect(gateway.tries).toHaveLength(2);
});

test("a message that will never be accepted is refused with the reason, and does not hold up the next", async () => {
  const outgoing = outbox();
  gateway.failure = new DeskError(409, "conflict", "Ben has this conversation.");
  await outgoing.send("c_maya", "mine?");
  gateway.failure = null;
  await outgoing.send("c_maya", "next");
  expect(outgoing.of("c_maya").map((item) => [item.text, item.state, item.detail])).toEqual([
    ["mine?", "refused", "Ben has this conversation."],
  ]);
  expect(accepted.map((one) => one.text)).toEqual(["next"]);
});

test("a failing conversation does not hold up another", async () => {
  const outgoing = outbox();
  gateway.failure = offline();
  await outgoing.send("c_maya", "one");
  gateway.failure = null;
  await outgoing.send("c_omar", "two");
  expect(outgoing.of("c_omar")).toEqual([]);
  expect(outgoing.of("c_maya")).toHaveLength(1);
});

test("an expired session keeps the words for after the next sign-in", async () => {
  const outgoing = outbox();
  gateway.failure = new DeskError(401, "signed_out", "Sign in.");
  await outgoing.send("c_maya", "kept");
  expect(outgoing.of("c_maya").map((item) => item.state)).toEqual(["failed"]);
});

test("a reload finds unsent words again, to be tried with their old id", async () => {
  gateway.failure = offline();
  await outbox().send("c_maya", "typed before the reload");
  const [before] = outbox().of("c_maya");
  gateway.failure = null;
  await outbox().retryAll();
  expect(gateway.taken.get(before!.id)).toBe("typed before the reload");
});

test("words that were on their way during a reload are not taken for sent", () => {
  const interrupted = outbox();
  void interrupted.send("c_maya", "in mid-air");
  const [item] = new OutgoingMessages(storage, "a_ana", post, () => undefined).of("c_maya");
  expect(item).toMatchObject({ text: "in mid-air", state: "failed" });
});

test("the transcript showing a message settles it, even when its request seemed to fail", async () => {
  const outgoing = outbox();
  gateway.failure = offline();
  await outgoing.send("c_maya", "same words");
  await outgoing.send("c_maya", "same words");
  const [first] = outgoing.of("c_maya");
  outgoing.settle([message(7, { author: "agent", text: "same words", client_id: first!.id })]);
  expect(outgoing.of("c_maya")).toHaveLength(1);
});

test("another agent in the same browser sees none of them", async () => {
  gateway.failure = offline();
  await outbox().send("c_maya", "Ana's words");
  expect(new OutgoingMessages(storage, "a_ben", post, () => undefined).items.value).toEqual([]);
});

test("taking a message back returns its words", async () => {
  const outgoing = outbox();
  gateway.failure = offline();
  await outgoing.send("c_maya", "not like this");
  expect(outgoing.takeBack(outgoing.of("c_maya")[0]!.id)).toBe("not like this");
  expect(outgoing.items.value).toEqual([]);
});
