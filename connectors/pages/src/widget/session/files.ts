import { signal } from "@preact/signals";
import { v4 as uuid } from "uuid";
import { LARGEST_FILE_BYTES, type Upload } from "../../shared/upload";
import type { UserUtteredEcho } from "../../shared/wire";

/** A file of the customer's that the desk does not have yet. */
export interface UnsentFile {
  /** UUID: sending it again is harmless. */
  id: string;
  /** Shared by the files that were chosen together, so that they are spoken of once. */
  album: string;
  file: File;
  /** How much has gone, 0 to 1. */
  share: number;
  /** Why sending was given up, or null while it goes. */
  failure: { code: string; retry: boolean } | null;
}

/** The customer's files on their way, one at a time. What fails stays until it is sent or taken back. */
export class UnsentFiles {
  readonly items = signal<readonly UnsentFile[]>([]);
  private sending: Promise<void> = Promise.resolve();

  /** `session` resolves to the session's id once there is one; `taken` hears what the desk has kept. */
  constructor(
    private readonly origin: string,
    private readonly upload: Upload,
    private readonly session: () => Promise<string>,
    private readonly taken: (echo: UserUtteredEcho) => void,
  ) {}

  send(files: Iterable<File>): Promise<void> {
    const album = uuid();
    for (const file of files) {
      const item = { id: uuid(), album, file, share: 0, failure: refusal(file) };
      this.items.value = [...this.items.value, item];
      if (item.failure === null) this.inTurn(item.id);
    }
    return this.sending;
  }

  retry(id: string): Promise<void> {
    this.change(id, { share: 0, failure: null });
    this.inTurn(id);
    return this.sending;
  }

  remove(id: string): void {
    this.items.value = this.items.value.filter((item) => item.id !== id);
  }

  private inTurn(id: string): void {
    this.sending = this.sending.then(() => this.attempt(id));
  }

  private async attempt(id: string, again = false): Promise<void> {
    const item = this.items.value.find((one) => one.id === id);
    if (!item) return;
    const form = new FormData();
    form.set("session_id", await this.session());
    form.set("id", id);
    form.set("album", item.album);
    form.set("file", item.file);
    const answer = await this.upload(`${this.origin}/chat/files`, form, {}, (share) => this.change(id, { share })).catch(() => null);
    const body = (await answer?.json().catch(() => null)) as (UserUtteredEcho & { error?: string; retry?: boolean }) | null;
    if (answer?.ok && body) {
      this.remove(id);
      this.taken(body);
    } else if (body?.error === "renewed" && !again) {
      await this.attempt(id, true); // the session's id was replaced while the file was on its way
    } else {
      this.change(id, { failure: { code: body?.error ?? "unavailable", retry: body?.retry ?? true } });
    }
  }

  private change(id: string, change: Partial<UnsentFile>): void {
    this.items.value = this.items.value.map((item) => (item.id === id ? { ...item, ...change } : item));
  }
}

function refusal(file: File): UnsentFile["failure"] {
  if (file.size > LARGEST_FILE_BYTES) return { code: "too_large", retry: false };
  return file.size === 0 ? { code: "empty_file", retry: false } : null;
}
