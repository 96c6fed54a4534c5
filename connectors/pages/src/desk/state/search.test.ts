import { beforeEach, expect, test, vi } from "vitest";
import type { ConversationPage, Summary } from "../../shared/wire";
import { offline } from "../api/errors";
import { ana, asHolder, mayas } from "../testing/people";
import { Lists } from "./lists";
import { Search } from "./search";

const counts = { queue: 0, mine: 0, snoozed: 0, agent: 0, bot: 0 };
const found = (...conversations: Summary[]): ConversationPage => ({ conversations, next_cursor: null, counts, looked_through: null });
let lists: Lists;
let answers: Map<string, Promise<ConversationPage>>;
let search: Search;

beforeEach(() => {
  vi.useFakeTimers();
  lists = new Lists(() => Promise.reject(offline()), ana.id);
  answers = new Map();
  search = new Search((words) => answers.get(words) ?? Promise.reject(offline()), lists);
});

test("it asks once the typing pauses, and for no single letter", async () => {
  answers.set("lamp", Promise.resolve(found(mayas())));
  for (const words of ["l", "la", "lam", "lamp"]) search.type(words);
  await vi.advanceTimersByTimeAsync(1000);
  expect(search.result.value).toEqual({ state: "found", ids: ["c_maya"], lookedThrough: null });
  search.type("l");
  expect(search.result.value).toBeNull();
});

test("what is found stays up to date", async () => {
  answers.set("maya", Promise.resolve(found(mayas())));
  search.type("maya");
  await search.run();
  lists.apply(mayas({ holder: "agent", agent: asHolder(ana), epoch: 2 }));
  expect(search.rows()[0]?.holder).toBe("agent");
});

test("a slow answer to earlier words does not replace that to later ones", async () => {
  let answerFirst: (page: ConversationPage) => void = () => undefined;
  answers.set("la", new Promise((resolve) => (answerFirst = resolve)));
  answers.set("lamp", Promise.resolve(found(mayas())));
  search.type("la");
  const first = search.run();
  search.type("lamp");
  await search.run();
  answerFirst(found());
  await first;
  expect(search.rows().map((row) => row.id)).toEqual(["c_maya"]);
});

test("a search that fails says why, and the next one may work", async () => {
  search.type("maya");
  await search.run();
  expect(search.result.value?.state).toBe("failed");
  answers.set("maya", Promise.resolve(found()));
  await search.run();
  expect(search.result.value).toEqual({ state: "found", ids: [], lookedThrough: null });
});
