import { computed, signal } from "@preact/signals";
import type { ConversationDetail, Message, Note, Ticket } from "../../shared/wire";

/** Something the reader has to know about the open conversation. */
export interface TalkNotice {
  kind: "lost_race" | "lease_lost" | "taken_over" | "failed";
  text: string;
}

/** The open conversation: its transcript, its brief, and what is going on in it right now. */
export class Talk {
  readonly status = signal<"loading" | "ready" | "missing" | "failed">("loading");
  readonly problem = signal("");
  readonly detail = signal<ConversationDetail | null>(null);
  readonly typing = signal<{ author: "customer" | "agent"; name: string | null } | null>(null);
  /** The customer has seen everything up to here. */
  readonly seenSeq = signal(0);
  readonly notice = signal<TalkNotice | null>(null);
  /** How the messages before the first one on screen are doing. */
  readonly earlier = signal<"idle" | "loading" | "failed">("idle");
  private readonly bySeq = signal<ReadonlyMap<number, Message>>(new Map());
  readonly messages = computed(() => [...this.bySeq.value.values()].sort((a, b) => a.seq - b.seq));

  constructor(readonly id: string) {}

  get lastSeq(): number {
    return Math.max(0, ...this.bySeq.value.keys());
  }

  /** The first message on screen; 1 is where the conversation began. */
  get firstSeq(): number {
    return this.messages.value[0]?.seq ?? 1;
  }

  take(detail: ConversationDetail): void {
    this.detail.value = detail;
    this.merge(detail.messages);
    this.status.value = "ready";
  }

  /**
   * Takes in messages, new or again: the same seq replaces what was known, because its state may have changed.
   * Returns the seq after which something is missing, or null.
   */
  merge(messages: Message[]): number | null {
    const known = this.lastSeq;
    const next = new Map(this.bySeq.value);
    for (const message of messages) next.set(message.seq, message);
    this.bySeq.value = next;
    if (messages.some((message) => message.author === "customer" && message.seq > known)) this.typing.value = null;
    const firstNew = Math.min(...messages.map((message) => message.seq).filter((seq) => seq > known));
    return known > 0 && Number.isFinite(firstNew) && firstNew > known + 1 ? known : null;
  }

  customerHasSeen(seq: number): void {
    this.seenSeq.value = Math.max(this.seenSeq.value, seq);
  }

  addNote(note: Note): void {
    const detail = this.detail.value;
    if (!detail || detail.notes.some((one) => one.id === note.id)) return;
    this.detail.value = { ...detail, notes: [...detail.notes, note] };
  }

  takeTicket(ticket: Ticket): void {
    const detail = this.detail.value;
    if (detail) this.detail.value = { ...detail, ticket };
  }
}
