import { signal } from "@preact/signals";
import type { Message } from "../../shared/wire";
import { LARGEST_FILE_BYTES, type Progress } from "../../shared/upload";
import { DeskError } from "../api/errors";

/** A file that an agent has chosen for a customer, until the transcript shows it. */
export interface Attached {
  /** Made here and sent with every try, so that a repeated try is not a second message. */
  id: string;
  conversationId: string;
  file: File;
  /** Settled when it is sent; goes under the file. */
  caption: string;
  /** `failed` may be tried again; `refused` never will be accepted as it stands. */
  state: "chosen" | "sending" | "failed" | "refused";
  /** How much has gone, 0 to 1. */
  share: number;
  detail: string;
}

export type PostFile = (conversationId: string, id: string, file: File, caption: string, progress: Progress) => Promise<Message>;
type Accepted = (conversationId: string, message: Message) => void;
type GiveBack = (conversationId: string, words: string) => void;

const UNFORESEEN = "Something went wrong on this page. Try again.";

/** Files on their way to customers, in the order they were chosen. What fails stays with its words; what is refused gives them back. */
export class Attachments {
  readonly items = signal<readonly Attached[]>([]);
  private sending: Promise<void> = Promise.resolve();

  constructor(
    private readonly post: PostFile,
    private readonly accepted: Accepted,
    private readonly giveBack: GiveBack,
  ) {}

  of(conversationId: string): Attached[] {
    return this.items.value.filter((item) => item.conversationId === conversationId);
  }

  /** Some are waiting for the agent to press Send. */
  anyChosen(conversationId: string): boolean {
    return this.of(conversationId).some((item) => item.state === "chosen");
  }

  choose(conversationId: string, files: Iterable<File>): void {
    const chosen = [...files].map((file) => ({ id: crypto.randomUUID(), conversationId, file, caption: "", share: 0, ...judged(file) }));
    this.items.value = [...this.items.value, ...chosen];
  }

  /** Takes a file away; words that were to go with it are given back. */
  remove(id: string): void {
    const item = this.find(id);
    this.drop(id);
    if (item?.caption) this.giveBack(item.conversationId, item.caption);
  }

  /** Sends what was chosen, one after the other; `caption` goes with the first. */
  send(conversationId: string, caption: string): Promise<void> {
    const chosen = this.of(conversationId).filter((item) => item.state === "chosen");
    for (const [index, item] of chosen.entries()) this.change(item.id, { caption: index === 0 ? caption : "", state: "sending" });
    return this.inTurn(chosen.map((item) => item.id));
  }

  /** Tries a file that failed again. */
  retry(id: string): Promise<void> {
    this.change(id, { state: "sending", share: 0, detail: "" });
    return this.inTurn([id]);
  }

  forget(): void {
    this.items.value = [];
  }

  private inTurn(ids: string[]): Promise<void> {
    for (const id of ids) this.sending = this.sending.then(() => this.attempt(id));
    return this.sending;
  }

  private async attempt(id: string): Promise<void> {
    const item = this.find(id);
    if (item?.state !== "sending") return;
    try {
      const progress: Progress = (share) => this.change(id, { share });
      const message = await this.post(item.conversationId, id, item.file, item.caption, progress);
      this.drop(id);
      this.accepted(item.conversationId, message);
    } catch (error) {
      this.failed(item, error);
    }
  }

  /** Nothing is thrown from here: the files that wait behind this one must go, whatever became of it. */
  private failed(item: Attached, error: unknown): void {
    if (!(error instanceof DeskError)) {
      console.error(error);
      this.change(item.id, { state: "failed", detail: UNFORESEEN });
    } else if (error.passing || error.signedOut) {
      this.change(item.id, { state: "failed", detail: error.message });
    } else {
      this.change(item.id, { state: "refused", caption: "", detail: error.message });
      if (item.caption) this.giveBack(item.conversationId, item.caption);
    }
  }

  private find(id: string): Attached | undefined {
    return this.items.value.find((item) => item.id === id);
  }

  private drop(id: string): void {
    this.items.value = this.items.value.filter((item) => item.id !== id);
  }

  private change(id: string, change: Partial<Attached>): void {
    this.items.value = this.items.value.map((item) => (item.id === id ? { ...item, ...change } : item));
  }
}

function judged(file: File): Pick<Attached, "state" | "detail"> {
  if (file.size > LARGEST_FILE_BYTES) return { state: "refused", detail: "A file may have 20 MB at most." };
  if (file.size === 0) return { state: "refused", detail: "This file is empty." };
  return { state: "chosen", detail: "" };
}
