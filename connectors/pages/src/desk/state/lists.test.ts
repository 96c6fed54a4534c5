import { beforeEach, describe, expect, test } from "vitest";
import type { ConversationPage, Summary } from "../../shared/wire";
import { offline } from "../api/errors";
import type { ListQuery } from "../api/http";
import { ana, asHolder, ben, mayas } from "../testing/people";
import { Lists } from "./lists";

const counts = { queue: 2, mine: 0, snoozed: 0, agent: 0, bot: 0 };
let pages: Map<string, ConversationPage>;
let asked: ListQuery[];
let lists: Lists;

beforeEach(() => {
  pages = new Map();
  asked = [];
  lists = new Lists(async (query) => {
    asked.push(query);
    const page = pages.get(query.cursor ?? "first");
    if (!page) throw offline();
    return page;
  }, ana.id);
});

function page(...conversations: Summary[]): ConversationPage {
  return { conversations, next_cursor: null, counts };
}

const ids = (tab: Parameters<Lists["rows"]>[0]): string[] => lists.rows(tab).map((row) => row.id);

describe("which tab a conversation is in", () => {
  test.each([
    ["queue", mayas()],
    ["bot", mayas({ holder: "bot" })],
    ["closed", mayas({ holder: "closed" })],
  ] as const)("%s", (tab, summary) => {
    lists.apply(summary);
    expect(ids(tab)).toEqual(["c_maya"]);
    expect(ids("mine")).toEqual([]);
  });

  test("mine is also an agent's, a colleague's is not mine", () => {
    lists.apply(mayas({ holder: "agent", agent: asHolder(ana) }));
    lists.apply(mayas({ id: "c_omar", holder: "agent", agent: asHolder(ben) }));
    expect(ids("mine")).toEqual(["c_maya"]);
    expect(ids("agent").sort()).toEqual(["c_maya", "c_omar"]);
  });
});

test("what I have snoozed is neither mine to do nor lost, and what a colleague has is theirs", () => {
  const snooze = { until: "2026-03-11T09:00:00Z", note: null };
  lists.apply(mayas({ holder: "agent", agent: asHolder(ana), snooze }));
  lists.apply(mayas({ id: "c_sooner", holder: "agent", agent: asHolder(ana), snooze: { ...snooze, until: "2026-03-10T12:00:00Z" } }));
  lists.apply(mayas({ id: "c_omar", holder: "agent", agent: asHolder(ben), snooze }));
  expect(ids("mine")).toEqual([]);
  expect(ids("snoozed")).toEqual(["c_sooner", "c_maya"]);
  lists.apply(mayas({ holder: "agent", agent: asHolder(ana), updated_at: "2026-03-10T12:00:00Z" }));
  expect(ids("mine")).toEqual(["c_maya"]);
});

test("a conversation moves when its holder changes", () => {
  lists.apply(mayas());
  lists.apply(mayas({ holder: "agent", agent: asHolder(ben), epoch: 2 }));
  expect(ids("queue")).toEqual([]);
  expect(ids("agent")).toEqual(["c_maya"]);
});

test("an event that was overtaken changes nothing", () => {
  lists.apply(mayas({ holder: "agent", agent: asHolder(ben), epoch: 2 }));
  expect(lists.apply(mayas({ epoch: 1, updated_at: "2026-03-10T10:00:00Z" }))).toBeNull();
  expect(lists.apply(mayas({ holder: "agent", epoch: 2, updated_at: "2026-03-10T08:00:00Z" }))).toBeNull();
  expect(ids("queue")).toEqual([]);
});

test("the queue stands in its own order: place first, then how long they wait", () => {
  const at = (position: number | null, queued_at: string): Summary["ticket"] => ({ ...mayas().ticket!, position, queued_at });
  lists.apply(mayas({ id: "c_3", ticket: at(null, "2026-03-10T08:00:00Z") }));
  lists.apply(mayas({ id: "c_2", ticket: at(2, "2026-03-10T09:00:00Z") }));
  lists.apply(mayas({ id: "c_late", ticket: at(2, "2026-03-10T09:05:00Z") }));
  lists.apply(mayas({ id: "c_urgent", ticket: at(1, "2026-03-10T09:30:00Z") }));
  expect(ids("queue")).toEqual(["c_urgent", "c_2", "c_late", "c_3"]);
});

test("other tabs show the last word first", () => {
  const said = (at: string): Partial<Summary> => ({ holder: "bot", last_message: { ...mayas().last_message!, at } });
  lists.apply(mayas({ id: "c_old", ...said("2026-03-10T08:00:00Z") }));
  lists.apply(mayas({ id: "c_new", ...said("2026-03-10T09:00:00Z") }));
  expect(ids("bot")).toEqual(["c_new", "c_old"]);
});

test("loading a tab drops what left it while nobody listened", async () => {
  lists.apply(mayas({ id: "c_gone" }));
  pages.set("first", page(mayas()));
  await lists.load("queue");
  expect(ids("queue")).toEqual(["c_maya"]);
  expect(lists.counts.value).toEqual(counts);
});

test("what joined while the answer was on its way stays", async () => {
  pages.set("first", page(mayas()));
  const loading = lists.load("queue");
  lists.apply(mayas({ id: "c_just_now" }));
  await loading;
  expect(ids("queue").sort()).toEqual(["c_just_now", "c_maya"]);
});

test("the next page is added to the first", async () => {
  pages.set("first", { ...page(mayas()), next_cursor: "second" });
  pages.set("second", page(mayas({ id: "c_omar" })));
  await lists.load("queue");
  await lists.more("queue");
  expect(ids("queue")).toHaveLength(2);
  expect(lists.progress("queue").value.cursor).toBeNull();
});

test("a failed load says why and keeps what was there", async () => {
  lists.apply(mayas());
  await lists.load("queue");
  expect(lists.progress("queue").value).toMatchObject({ state: "failed", detail: offline().message });
  expect(ids("queue")).toEqual(["c_maya"]);
});

test("mine is asked for as an agent's with mine set", async () => {
  pages.set("first", page());
  await lists.load("mine");
  expect(asked[0]).toMatchObject({ holder: "agent", mine: true });
});
