import { beforeEach, expect, test } from "vitest";
import type { Upload } from "../../shared/upload";
import { UnsentFiles } from "./files";

const lamp = new File(["lamp"], "lamp.png", { type: "image/png" });

let answers: (Response | null)[];
let posted: { url: string; id: string; session: string; name: string }[];
let taken: number[];
let files: UnsentFiles;

beforeEach(() => {
  [answers, posted, taken] = [[], [], []];
  const upload: Upload = async (url, form, _headers, progress) => {
    const file = form.get("file") as File;
    posted.push({ url, id: String(form.get("id")), session: String(form.get("session_id")), name: file.name });
    progress(0.5);
    const answer = answers.shift();
    if (answer === null) throw new Error("no answer");
    return answer ?? Response.json({ message: "", id: form.get("id"), seq: posted.length, at: "2026-03-10T09:00:00Z" });
  };
  files = new UnsentFiles("https://desk.example", upload, async () => "session-1", (echo) => taken.push(echo.seq));
});

test("a file goes to the desk with the session's secret, and is then the desk's", async () => {
  await files.send([lamp]);
  expect(posted).toMatchObject([{ url: "https://desk.example/chat/files", session: "session-1", name: "lamp.png" }]);
  expect(taken).toEqual([1]);
  expect(files.items.value).toEqual([]);
});

test("a file that did not get through stays, and is tried again under its id", async () => {
  answers = [null];
  await files.send([lamp]);
  const [kept] = files.items.value;
  expect(kept).toMatchObject({ file: lamp, failure: { code: "unavailable", retry: true } });
  await files.retry(kept!.id);
  expect(new Set(posted.map(({ id }) => id)).size).toBe(1);
  expect(files.items.value).toEqual([]);
});

test("a file that the desk refuses says why, and holds up no other", async () => {
  answers = [Response.json({ error: "refused_file", detail: "…", retry: false }, { status: 422 })];
  await files.send([lamp, lamp]);
  expect(files.items.value.map((item) => item.failure)).toEqual([{ code: "refused_file", retry: false }]);
  expect(taken).toEqual([2]);
});

test("a file that is too large is not even tried", async () => {
  await files.send([new File([new Uint8Array(20 * 1024 * 1024 + 1)], "film.mp4")]);
  expect(posted).toEqual([]);
  expect(files.items.value[0]!.failure).toEqual({ code: "too_large", retry: false });
});
