import type { SessionStore } from "./store";

/** A message of the customer that the desk has not acknowledged yet. */
export interface UnsentMessage {
  /** UUID: sending it again is harmless. */
  id: string;
  /** What goes over the wire: words, or a quick reply's payload. */
  message: string;
  /** What the transcript shows for it. */
  title: string;
  at: string;
  /** Sorts the outbox; rises with every message, also across reloads. */
  order: number;
  /** Why sending was given up, or null while it is still being tried. */
  failure: Failure | null;
}

export interface Failure {
  code: string;
  /** False when the same words can never be accepted. */
  retry: boolean;
}

/** After this the moment for a message has passed, and only the customer may send it. */
const STALE_AFTER_MS = 60 * 60_000;

/** The customer's unacknowledged messages, oldest first, kept through reloads. */
export class Outbox {
  private messages: UnsentMessage[];

  constructor(private readonly store: SessionStore) {
    this.messages = store.readUnsent();
    for (const message of this.messages) {
      if (isStale(message)) this.fail(message.id, { code: "stale", retry: true });
    }
  }

  list(): readonly UnsentMessage[] {
    return this.messages;
  }

  add(id: string, message: string, title: string, at: Date): void {
    const order = Math.max(at.getTime(), (this.messages.at(-1)?.order ?? 0) + 1);
    const unsent = { id, message, title, at: at.toISOString(), order, failure: null };
    this.messages = [...this.messages, unsent];
    this.store.writeUnsent(unsent);
  }

  /** The oldest message still to be sent. */
  next(): UnsentMessage | undefined {
    return this.messages.find((message) => message.failure === null);
  }

  find(id: string): UnsentMessage | undefined {
    return this.messages.find((message) => message.id === id);
  }

  /** Takes a message out, because it was accepted or its author wants it back. */
  remove(id: string): UnsentMessage | undefined {
    const removed = this.find(id);
    this.messages = this.messages.filter((message) => message.id !== id);
    this.store.removeUnsent(id);
    return removed;
  }

  fail(id: string, failure: Failure): void {
    this.change((message) => (message.id === id ? { ...message, failure } : message));
  }

  /** Gives up on everything that is waiting, so that no later message overtakes an earlier one. */
  failAllWaiting(failure: Failure): void {
    this.change((message) => (message.failure === null ? { ...message, failure } : message));
  }

  /** Lets what had failed and may be sent again wait once more, in the old order. */
  retryAll(options: { evenStale: boolean }): void {
    this.change((message) =>
      message.failure?.retry && (options.evenStale || !isStale(message)) ? { ...message, failure: null } : message,
    );
  }

  private change(update: (message: UnsentMessage) => UnsentMessage): void {
    this.messages = this.messages.map((message) => {
      const updated = update(message);
      if (updated !== message) this.store.writeUnsent(updated);
      return updated;
    });
  }
}

function isStale(message: UnsentMessage): boolean {
  return Date.now() - new Date(message.at).getTime() > STALE_AFTER_MS;
}
