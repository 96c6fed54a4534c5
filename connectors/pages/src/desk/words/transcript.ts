import type { Message } from "../../shared/wire";
import { dayKey } from "../../shared/time";

/** One row of the transcript as it is shown. */
export type Row =
  | { kind: "day"; key: string; at: string }
  | { kind: "case"; key: string; number: number }
  | { kind: "event"; key: string; message: Message }
  | { kind: "message"; key: string; message: Message; /** Same speaker as the row above, shortly before. */ follows: boolean };

const ONE_BREATH_MS = 3 * 60_000;

/** Lays messages out: days and cases are parted, system lines and handoffs stand between, one speaker's lines hang together. */
export function rowsOf(messages: Message[]): Row[] {
  const rows: Row[] = [];
  let before: Message | undefined;
  for (const message of messages) {
    if (!before || dayKey(before.at) !== dayKey(message.at)) {
      rows.push({ kind: "day", key: `day-${message.seq}`, at: message.at });
    }
    if (before ? before.case !== message.case : message.case > 1) {
      rows.push({ kind: "case", key: `case-${message.seq}`, number: message.case });
    }
    rows.push(rowOf(message, rows.at(-1)));
    before = message;
  }
  return rows;
}

function rowOf(message: Message, above: Row | undefined): Row {
  const key = `message-${message.seq}`;
  if (message.author === "system") return { kind: "event", key, message };
  return { kind: "message", key, message, follows: above?.kind === "message" && hangTogether(above.message, message) };
}

function hangTogether(one: Message, next: Message): boolean {
  return one.author === next.author && one.name === next.name && Date.parse(next.at) - Date.parse(one.at) < ONE_BREATH_MS;
}

export type Delivery = "on_its_way" | "sent" | "seen" | "dead" | "cancelled" | "waiting" | null;

/**
 * What became of each message, by seq, where it is worth saying. "Seen" and "sent" stand only at the newest message
 * they are true of: they hold for everything above as well.
 */
export function deliveriesOf(messages: Message[], seenSeq: number): ReadonlyMap<number, Delivery> {
  const deliveries = new Map(messages.map((message) => [message.seq, deliveryOf(message, seenSeq)]));
  for (const state of ["seen", "sent"] as const) {
    const [, ...older] = [...deliveries].filter(([, delivery]) => delivery === state).map(([seq]) => seq).reverse();
    for (const seq of older) deliveries.delete(seq);
  }
  return deliveries;
}

function deliveryOf(message: Message, seenSeq: number): Delivery {
  if (message.author === "system" && message.state !== "dead") return null;
  switch (message.state) {
    case "waiting":
      return "waiting";
    case "done":
      return null;
    case "pending":
    case "sending":
      return "on_its_way";
    case "sent":
      return message.seq <= seenSeq ? "seen" : "sent";
    default:
      return message.state;
  }
}
