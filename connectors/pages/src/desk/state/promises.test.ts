import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { DeskPromise } from "../../shared/wire";
import { DeskHttp } from "../api/http";
import { Promises } from "./promises";

let rows: DeskPromise[];
let down: boolean;
let asked: string[];
let told: string[];
let promises: Promises;

const promise = (id: string, state: DeskPromise["state"]): DeskPromise => ({
  id,
  conversation_id: "c_1",
  customer: "Maya",
  ticket: "T-1001",
  kind: "agent",
  text: "call you back",
  due_at: "2026-03-10T17:00:00Z",
  agent: { id: "a_ana", name: "Ana" },
  made_at: "2026-03-10T09:00:00Z",
  state,
  ended_at: null,
});

beforeEach(() => {
  vi.useFakeTimers();
  [rows, down, asked, told] = [[promise("p_1", "open")], false, [], []];
  const http = new DeskHttp(async (input, init) => {
    asked.push(`${init?.method} ${String(input)}`);
    if (down) throw new TypeError("Failed to fetch");
    return new Response(JSON.stringify({ promises: rows, promise: rows[0] }), { status: 200 });
  });
  promises = new Promises(http, (one) => told.push(`${one.id} ${one.state}`));
});
afterEach(() => {
  promises.stop();
  vi.useRealTimers();
});

test("each reminder and each alarm is told once", async () => {
  await promises.load();
  rows = [promise("p_1", "soon")];
  await promises.load();
  await promises.load();
  rows = [promise("p_1", "broken")];
  await promises.load();
  expect(told).toEqual(["p_1 soon", "p_1 broken"]);
  expect(promises.pressing.value).toBe(1);
});

test("what was late before the desk was opened is shown and not announced", async () => {
  rows = [promise("p_1", "broken")];
  await promises.load();
  expect(told).toEqual([]);
  expect(promises.of("c_1")).toHaveLength(1);
});

test("a promise that was settled leaves the list at once, even when the list can't be fetched", async () => {
  await promises.load();
  const settled = promises.settle("p_1", "kept");
  await Promise.resolve();
  down = true;
  await settled;
  expect(asked).toContain("POST /api/promises/p_1/kept");
  expect(promises.open.value).toEqual([]);
  expect(promises.problem.value).not.toBe("");
});

test("news are looked at together, and the list is looked at now and then without any", async () => {
  promises.start();
  promises.lookShortly();
  promises.lookShortly();
  await vi.advanceTimersByTimeAsync(31_000);
  expect(asked).toHaveLength(3);
});
