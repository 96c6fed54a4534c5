import type { Handoff, HandoffState, QuickReply } from "../shared/wire";
import { dayKey, dayName } from "../shared/time";
import type { UnsentMessage } from "./session/outbox";
import type { CustomerEntry, Entry, ReplyEntry } from "./session/transcript";

/** An offer is a question with quick replies, so it looks like any other message; the other states are cards. */
export type CardHandoff = Handoff & { state: Exclude<HandoffState, "offered"> };
type Card = ReplyEntry & { handoff: CardHandoff };

/** One row of the log. `first` and `last` say where a row stands in a run of one speaker's messages. */
export type Item =
  | { kind: "day"; key: string; label: string }
  | { kind: "own"; key: string; entry: CustomerEntry; first: boolean; last: boolean }
  | { kind: "unsent"; key: string; message: UnsentMessage; first: boolean; last: boolean }
  | { kind: "reply"; key: string; entry: ReplyEntry; first: boolean; last: boolean }
  /** A state of the handoff: `live` is the present one, the others are history. */
  | { kind: "card"; key: string; entry: ReplyEntry; handoff: CardHandoff; live: boolean }
  | { kind: "quickReplies"; key: string; quickReplies: QuickReply[] };

type Row = Extract<Item, { kind: "own" | "unsent" | "reply" }>;

const RUN_BROKEN_AFTER_MS = 5 * 60_000;

/**
 * The log as it is drawn: days, runs, status cards, and the quick replies that can still be used. The newest of these are
 * at the end, next to where one writes; those of an earlier question are under its words, so that it is clear whose they are.
 */
export function timeline(
  entries: readonly Entry[],
  unsent: readonly UnsentMessage[],
  now: Date,
  locale: string,
): Item[] {
  const newestCard = entries.findLast(isCard);
  const questions = openQuestions(entries, unsent);
  const newestQuestion = questions.pop();
  const items: Item[] = [];
  let day = "";
  for (const entry of entries) {
    if (dayKey(entry.at) !== day) {
      day = dayKey(entry.at);
      items.push({ kind: "day", key: `day-${day}`, label: dayName(entry.at, now, locale) });
    }
    items.push(itemOf(entry, newestCard));
    if (entry.kind === "reply" && questions.includes(entry)) items.push(quickRepliesOf(entry));
  }
  for (const message of unsent) {
    items.push({ kind: "unsent", key: message.id, message, first: true, last: true });
  }
  markRuns(items);
  return newestQuestion ? [...items, quickRepliesOf(newestQuestion)] : items;
}

/**
 * What the customer was asked and can still answer with a button, oldest first: an offer of a person, say, and the question
 * that followed it. All retire once the customer has said anything, or a person has taken over.
 */
export function openQuestions(entries: readonly Entry[], unsent: readonly UnsentMessage[]): ReplyEntry[] {
  if (unsent.length > 0) return [];
  const open: ReplyEntry[] = [];
  for (const entry of entries.toReversed()) {
    if (entry.kind === "customer") break;
    if (entry.quickReplies.length > 0 && !isWaiting(entry)) open.unshift(entry);
    if (entry.author === "agent" || entry.handoff?.state === "connected") break;
  }
  return open;
}

/** What the newest word about the wait offers: to leave the queue, or to be written to instead. */
export function waitingActions(entries: readonly Entry[]): QuickReply[] {
  const newest = entries.findLast(isCard);
  return newest && isWaiting(newest) ? newest.quickReplies : [];
}

function isWaiting(entry: ReplyEntry): boolean {
  return entry.handoff?.state === "queued" || entry.handoff?.state === "ticket";
}

function isCard(entry: Entry): entry is Card {
  return entry.kind === "reply" && entry.handoff !== null && entry.handoff.state !== "offered";
}

function itemOf(entry: Entry, newestCard: Card | undefined): Item {
  if (entry.kind === "customer") {
    return { kind: "own", key: entry.id ?? `seq-${entry.seq}`, entry, first: true, last: true };
  }
  const key = `seq-${entry.seq}`;
  if (isCard(entry)) return { kind: "card", key, entry, handoff: entry.handoff, live: entry === newestCard };
  return { kind: "reply", key, entry, first: true, last: true };
}

function quickRepliesOf({ seq, quickReplies }: ReplyEntry): Item {
  return { kind: "quickReplies", key: `quick-replies-${seq}`, quickReplies };
}

function markRuns(items: Item[]): void {
  for (let index = 1; index < items.length; index++) {
    const [previous, item] = [items[index - 1]!, items[index]!];
    if (isRow(previous) && isRow(item) && speaker(previous) === speaker(item) && isSoonAfter(previous, item)) {
      previous.last = false;
      item.first = false;
    }
  }
}

function isRow(item: Item): item is Row {
  return item.kind === "own" || item.kind === "unsent" || item.kind === "reply";
}

function speaker(row: Row): string {
  return row.kind === "reply" ? `${row.entry.author} ${row.entry.name}` : "customer";
}

function isSoonAfter(previous: Row, row: Row): boolean {
  return new Date(timeOf(row)).getTime() - new Date(timeOf(previous)).getTime() < RUN_BROKEN_AFTER_MS;
}

function timeOf(row: Row): string {
  return row.kind === "unsent" ? row.message.at : row.entry.at;
}
