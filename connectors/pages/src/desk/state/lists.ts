import { signal, type ReadonlySignal } from "@preact/signals";
import type { ConversationPage, Counts, Summary } from "../../shared/wire";
import { DeskError } from "../api/errors";
import type { ListQuery } from "../api/http";
import { isMine, isOfferedTo } from "./ownership";

export const TABS = ["queue", "mine", "snoozed", "bot", "agent", "closed"] as const;
export type Tab = (typeof TABS)[number];

/** How far a tab has been loaded. `cursor` is null when there is no more. */
export interface Loaded {
  state: "idle" | "loading" | "ready" | "failed";
  detail: string;
  cursor: string | null;
}

type Fetch = (query: ListQuery) => Promise<ConversationPage>;

/** Every conversation the desk has heard of, and the tabs as views of them. */
export class Lists {
  readonly counts = signal<Counts>({ queue: 0, mine: 0, snoozed: 0, agent: 0, bot: 0 });
  private readonly pool = signal<ReadonlyMap<string, Summary>>(new Map());
  private readonly loaded = Object.fromEntries(TABS.map((tab) => [tab, signal(idle())])) as Record<Tab, ReturnType<typeof signal<Loaded>>>;
  /** Ids touched while a request is under way: its answer is older than they are. */
  private readonly touched = new Set<string>();

  constructor(
    private readonly fetch: Fetch,
    private readonly agentId: string,
  ) {}

  rows(tab: Tab): Summary[] {
    return [...this.pool.value.values()].filter((summary) => belongs(summary, tab, this.agentId)).sort(orderOf(tab));
  }

  /** Those held out to this agent, in the queue's order. */
  offeredToMe(): Summary[] {
    return this.rows("queue").filter((summary) => isOfferedTo(summary, this.agentId));
  }

  get(id: string): Summary | undefined {
    return this.pool.value.get(id);
  }

  progress(tab: Tab): ReadonlySignal<Loaded> {
    return this.loaded[tab] as ReadonlySignal<Loaded>;
  }

  /** Takes in a summary unless a newer one is known. Returns what was known before, or null when nothing changed. */
  apply(summary: Summary): { before: Summary | undefined } | null {
    const before = this.pool.value.get(summary.id);
    if (before && isOlder(summary, before)) return null;
    this.pool.value = new Map(this.pool.value).set(summary.id, summary);
    this.touched.add(summary.id);
    return { before };
  }

  /** Loads the first page afresh. What is no longer in the tab disappears from it. */
  async load(tab: Tab): Promise<void> {
    this.touched.clear();
    await this.page(tab, undefined, (page) => this.replace(tab, page.conversations));
  }

  async more(tab: Tab): Promise<void> {
    const cursor = this.progress(tab).value.cursor;
    if (cursor) await this.page(tab, cursor, (page) => page.conversations.forEach((summary) => this.apply(summary)));
  }

  private async page(tab: Tab, cursor: string | undefined, take: (page: ConversationPage) => void): Promise<void> {
    const progress = this.loaded[tab];
    progress.value = { state: "loading", detail: "", cursor: cursor ?? null };
    try {
      const page = await this.fetch({ ...queryOf(tab), cursor });
      take(page);
      this.counts.value = page.counts;
      progress.value = { state: "ready", detail: "", cursor: page.next_cursor };
    } catch (error) {
      if (!(error instanceof DeskError)) throw error;
      progress.value = { state: "failed", detail: error.message, cursor: cursor ?? null };
    }
  }

  private replace(tab: Tab, summaries: Summary[]): void {
    const listed = new Set(summaries.map((summary) => summary.id));
    const pool = new Map(this.pool.value);
    for (const summary of pool.values()) {
      const gone = belongs(summary, tab, this.agentId) && !listed.has(summary.id) && !this.touched.has(summary.id);
      if (gone) pool.delete(summary.id);
    }
    this.pool.value = pool;
    summaries.forEach((summary) => this.apply(summary));
  }
}

export function belongs(summary: Summary, tab: Tab, agentId: string): boolean {
  if (tab === "mine") return isMine(summary, agentId) && !summary.snooze;
  if (tab === "snoozed") return isMine(summary, agentId) && summary.snooze !== null;
  return summary.holder === tab;
}

/** An event may overtake the answer to a request, and the other way round. */
export function isOlder(summary: Summary, known: Summary): boolean {
  if (summary.epoch !== known.epoch) return summary.epoch < known.epoch;
  return Date.parse(summary.updated_at) < Date.parse(known.updated_at);
}

function queryOf(tab: Tab): ListQuery {
  if (tab === "mine") return { holder: "agent", mine: true };
  if (tab === "snoozed") return { holder: "agent", mine: true, snoozed: true };
  return { holder: tab };
}

function orderOf(tab: Tab): (a: Summary, b: Summary) => number {
  if (tab === "queue") return byPlaceInQueue;
  return tab === "snoozed" ? byReturn : byLastWord;
}

function byPlaceInQueue(a: Summary, b: Summary): number {
  const place = (summary: Summary): number => summary.ticket?.position ?? Number.MAX_SAFE_INTEGER;
  const since = (summary: Summary): number => Date.parse(summary.ticket?.queued_at ?? summary.updated_at);
  return place(a) - place(b) || since(a) - since(b);
}

function byReturn(a: Summary, b: Summary): number {
  const until = (summary: Summary): number => Date.parse(summary.snooze?.until ?? summary.updated_at);
  return until(a) - until(b);
}

function byLastWord(a: Summary, b: Summary): number {
  const at = (summary: Summary): number => Date.parse(summary.last_message?.at ?? summary.updated_at);
  return at(b) - at(a);
}

function idle(): Loaded {
  return { state: "idle", detail: "", cursor: null };
}
