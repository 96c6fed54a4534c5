import type { Attachment, Author, BotUttered, Handoff, QuickReply, UserUtteredEcho } from "../../shared/wire";

export interface CustomerEntry {
  kind: "customer";
  seq: number;
  at: string;
  id: string | null;
  text: string;
  attachment: Attachment | null;
}

export interface ReplyEntry {
  kind: "reply";
  seq: number;
  at: string;
  author: Exclude<Author, "customer">;
  name: string | null;
  text: string;
  quickReplies: QuickReply[];
  attachment: Attachment | null;
  handoff: Handoff | null;
}

export type Entry = CustomerEntry | ReplyEntry;

/** Both sides of the talk by the desk's sequence numbers: the order of arrival and repetition make no difference. */
export class Transcript {
  private readonly bySeq = new Map<number, Entry>();
  private streamed = 0;

  list(): Entry[] {
    return [...this.bySeq.values()].sort((one, other) => one.seq - other.seq);
  }

  /**
   * Everything up to here has arrived. Only replies move it: they come in order, whereas an acknowledgement or an echo
   * of the customer's own words may overtake a reply that was still on its way when the connection broke.
   */
  get resumeFrom(): number {
    return this.streamed;
  }

  addReply({ text, quick_replies, attachment, metadata }: BotUttered): void {
    const { seq, at, author, name, handoff } = metadata;
    this.streamed = Math.max(this.streamed, seq);
    this.bySeq.set(seq, {
      kind: "reply",
      seq,
      at,
      author,
      name,
      text: text ?? "",
      quickReplies: quick_replies ?? [],
      attachment: attachment ?? null,
      handoff: handoff ?? null,
    });
  }

  /** The first word on a message stays: after an acknowledgement the echo of the same message changes nothing. */
  addOwn({ message, id, seq, at, attachment }: UserUtteredEcho): void {
    if (this.bySeq.has(seq)) return;
    this.bySeq.set(seq, { kind: "customer", seq, at, id, text: message, attachment: attachment ?? null });
  }

  clear(): void {
    this.bySeq.clear();
    this.streamed = 0;
  }
}
