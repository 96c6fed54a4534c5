import { beforeEach, expect, test } from "vitest";
import { DeskError, offline } from "../api/errors";
import { message } from "../testing/people";
import { Attachments, type PostFile } from "./attachments";

const label = new File(["%PDF-"], "label.pdf", { type: "application/pdf" });
const lamp = new File(["lamp"], "lamp.png", { type: "image/png" });

let posts: { id: string; name: string; caption: string }[];
let failure: DeskError | null;
let shown: number[];
let attachments: Attachments;

beforeEach(() => {
  [posts, failure, shown] = [[], null, []];
  const post: PostFile = async (_conversation, id, file, caption, progress) => {
    posts.push({ id, name: file.name, caption });
    progress(0.5);
    if (failure) throw failure;
    return message(posts.length, { author: "agent", client_id: id });
  };
  attachments = new Attachments(post, (_id, taken) => shown.push(taken.seq));
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
