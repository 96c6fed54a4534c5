import type { KeyValues } from "./memory-storage";
import type { UnsentMessage } from "./outbox";

/** What a session keeps between page loads, shared by the tabs of one site. */
export interface SessionStore {
  readSessionId(): string | null;
  writeSessionId(id: string): void;
  /** The desk gave the session a new id in place of `before`. */
  renewSessionId(before: string, id: string): void;
  /** Whether the id that is kept is the session of `before` under a newer one. */
  isRenewalOf(before: string): boolean;
  forgetSessionId(): void;
  /** The newest message that has been on this customer's screen. */
  readSeen(): number;
  writeSeen(seq: number): void;
  readUnsent(): UnsentMessage[];
  writeUnsent(message: UnsentMessage): void;
  removeUnsent(id: string): void;
  /** Calls back when another tab has written. */
  onOtherTab(listener: () => void): void;
}

/**
 * Keeps everything under the desk's origin, so that two desks on one site never mix. `events` is where the browser
 * announces what other tabs have written: the window.
 */
export class WebStore implements SessionStore {
  private readonly prefix: string;

  constructor(
    private readonly storage: KeyValues,
    deskOrigin: string,
    private readonly events: Pick<EventTarget, "addEventListener">,
  ) {
    this.prefix = `frontdesk:${deskOrigin}:`;
  }

  readSessionId(): string | null {
    return this.storage.getItem(`${this.prefix}session`);
  }

  writeSessionId(id: string): void {
    this.write("session", id);
  }

  renewSessionId(before: string, id: string): void {
    this.write("renewed", before);
    this.writeSessionId(id);
  }

  isRenewalOf(before: string): boolean {
    return this.storage.getItem(`${this.prefix}renewed`) === before;
  }

  forgetSessionId(): void {
    this.storage.removeItem(`${this.prefix}session`);
  }

  readSeen(): number {
    return Number(this.storage.getItem(`${this.prefix}seen`) ?? 0) || 0;
  }

  writeSeen(seq: number): void {
    this.write("seen", String(seq));
  }

  readUnsent(): UnsentMessage[] {
    return Array.from({ length: this.storage.length }, (_, index) => this.storage.key(index) ?? "")
      .filter((key) => key.startsWith(`${this.prefix}unsent:`))
      .flatMap((key) => parseUnsent(this.storage.getItem(key)))
      .sort((one, other) => one.order - other.order);
  }

  /** One key for each message: tabs that write at the same time cannot overwrite each other's. */
  writeUnsent(message: UnsentMessage): void {
    this.write(`unsent:${message.id}`, JSON.stringify(message));
  }

  removeUnsent(id: string): void {
    this.storage.removeItem(`${this.prefix}unsent:${id}`);
  }

  /** A full storage costs the resumption after a reload, not the talk: the page still has everything in memory. */
  private write(name: string, value: string): void {
    try {
      this.storage.setItem(this.prefix + name, value);
    } catch (error) {
      console.warn("Frontdesk: this browser's storage is full, so a reload may not remember the chat.", error);
    }
  }

  onOtherTab(listener: () => void): void {
    this.events.addEventListener("storage", (event) => {
      if ((event as StorageEvent).key?.startsWith(this.prefix)) listener();
    });
  }
}

function parseUnsent(text: string | null): UnsentMessage[] {
  try {
    const message = JSON.parse(text ?? "null") as UnsentMessage | null;
    return message && typeof message.id === "string" && typeof message.message === "string" ? [message] : [];
  } catch {
    return [];
  }
}
