import { beforeEach, expect, test, vi } from "vitest";
import { DeskError, offline } from "../api/errors";
import { message } from "../testing/people";
import { Attachments, type PostFile } from "./attachments";

const label = new File(["%PDF-"], "label.pdf", { type: "application/pdf" });
const lamp = new File(["lamp"], "lamp.png", { type: "image/png" });

let posts: { id: string; name: string; caption: string }[];
let failure: Error | null;
let shown: number[];
let givenBack: [string, string][];
let attachments: Attachments;

beforeEach(() => {
  [posts, failure, shown, givenBack] = [[], null, [], []];
  const post: PostFile = async (_conversation, id, file, caption, progress) => {
    posts.push({ id, name: file.name, caption });
    progress(0.5);
    if (failure) throw failure;
    return message(posts.length, { author: "agent", client_id: id });
  };
  attachments = new Attachments(
    post,
    (_id, taken) => shown.push(taken.seq),
    (conversationId, words) => givenBack.push([conversationId, words]),
  );
});

test("files go in the order they were chosen, and the words with the first", async () => {
  attachments.choose("c_maya", [label, lamp]);
  await attachments.send("c_maya", "Your label, and the lamp.");
  expect(posts.map(({ name, caption }) => [name, caption])).toEqual([
    ["label.pdf", "Your label, and the lamp."],
    ["lamp.png", ""],
  ]);
  expect(attachments.items.value).toEqual([]);
  expect(shown).toEqual([1, 2]);
});

test("a file that did not get through stays with its words, and is tried again under its id", async () => {
  failure = offline();
  attachments.choose("c_maya", [label]);
  await attachments.send("c_maya", "Your label.");
  const [kept] = attachments.of("c_maya");
  expect(kept).toMatchObject({ state: "failed", caption: "Your label.", file: label });
  failure = null;
  await attachments.retry(kept!.id);
  expect(new Set(posts.map(({ id }) => id)).size).toBe(1);
  expect(attachments.items.value).toEqual([]);
});

test("a file that will never be accepted says why, and holds up no other", async () => {
  failure = new DeskError(422, "refused_file", "This file can't be sent.");
  attachments.choose("c_maya", [label]);
  await attachments.send("c_maya", "");
  failure = null;
  attachments.choose("c_maya", [lamp]);
  await attachments.send("c_maya", "");
  expect(attachments.items.value.map(({ file, state, detail }) => [file.name, state, detail])).toEqual([
    ["label.pdf", "refused", "This file can't be sent."],
  ]);
});

test("the words of a file that will never be accepted are given back, once", async () => {
  failure = new DeskError(409, "not_yours", "Ben is answering now.");
  attachments.choose("c_maya", [label]);
  await attachments.send("c_maya", "Your label.");
  expect(givenBack).toEqual([["c_maya", "Your label."]]);
  const [refused] = attachments.of("c_maya");
  expect(refused).toMatchObject({ state: "refused", caption: "" });
  attachments.remove(refused!.id);
  expect(givenBack).toHaveLength(1);
});

test("removing a file that did not get through gives its words back", async () => {
  failure = offline();
  attachments.choose("c_maya", [label]);
  await attachments.send("c_maya", "Your label.");
  expect(givenBack).toEqual([]);
  attachments.remove(attachments.of("c_maya")[0]!.id);
  expect(givenBack).toEqual([["c_maya", "Your label."]]);
});

test("words that arrived with their file are not given back", async () => {
  attachments.choose("c_maya", [label]);
  await attachments.send("c_maya", "Your label.");
  expect(givenBack).toEqual([]);
});

test("a file that failed for a reason nobody foresaw holds up no other, and is tried again", async () => {
  failure = new TypeError("not expected");
  const told = vi.spyOn(console, "error").mockImplementation(() => undefined);
  attachments.choose("c_maya", [label]);
  await attachments.send("c_maya", "Your label.");
  const [kept] = attachments.of("c_maya");
  expect(kept).toMatchObject({ state: "failed", caption: "Your label.", detail: "Something went wrong on this page. Try again." });
  expect(told).toHaveBeenCalledWith(failure);
  failure = null;
  attachments.choose("c_maya", [lamp]);
  await attachments.send("c_maya", "");
  await attachments.retry(kept!.id);
  expect(posts.map(({ name }) => name)).toEqual(["label.pdf", "lamp.png", "label.pdf"]);
  expect(attachments.items.value).toEqual([]);
});

test("a file that is too large, or empty, is not even tried", async () => {
  const huge = new File([new Uint8Array(20 * 1024 * 1024 + 1)], "film.mp4");
  attachments.choose("c_maya", [huge, new File([], "nothing.pdf")]);
  expect(attachments.anyChosen("c_maya")).toBe(false);
  await attachments.send("c_maya", "Look");
  expect(posts).toEqual([]);
  expect(attachments.of("c_maya").map((item) => item.state)).toEqual(["refused", "refused"]);
});

test("one customer's files are not another's", async () => {
  attachments.choose("c_maya", [label]);
  await attachments.send("c_omar", "Hello");
  expect(posts).toEqual([]);
  expect(attachments.anyChosen("c_maya")).toBe(true);
});
