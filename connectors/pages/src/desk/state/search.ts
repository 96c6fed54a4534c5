import { signal } from "@preact/signals";
import type { ConversationPage, Summary } from "../../shared/wire";
import { DeskError } from "../api/errors";
import type { Lists } from "./lists";

const PAUSE_MS = 250;
export const SHORTEST = 2;

/** What a search has come to. `lookedThrough`: it covered only so many of the latest conversations; null: all of them. */
export type Result =
  | { state: "searching" }
  | { state: "found"; ids: string[]; lookedThrough: number | null }
  | { state: "failed"; detail: string };

/** Looks for words as they are typed, after a short pause. Whatever is found lives on in the lists, and stays up to date there. */
export class Search {
  readonly words = signal("");
  /** Null while there is nothing to look for. */
  readonly result = signal<Result | null>(null);
  private readonly found = new Map<string, Summary>();
  private soon: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly ask: (words: string) => Promise<ConversationPage>,
    private readonly lists: Lists,
  ) {}

  type(words: string): void {
    this.words.value = words;
    clearTimeout(this.soon);
    if (words.trim().length < SHORTEST) this.result.value = null;
    else this.soon = setTimeout(() => void this.run(), PAUSE_MS);
  }

  clear(): void {
    this.type("");
  }

  async run(): Promise<void> {
    clearTimeout(this.soon);
    const words = this.words.value.trim();
    if (words.length < SHORTEST) return;
    this.result.value ??= { state: "searching" };
    const result = await this.answer(words);
    // A slow answer to earlier words must not replace that to later ones.
    if (this.words.value.trim() === words) this.result.value = result;
  }

  rows(): Summary[] {
    const result = this.result.value;
    if (result?.state !== "found") return [];
    return result.ids.flatMap((id) => this.lists.get(id) ?? this.found.get(id) ?? []);
  }

  private async answer(words: string): Promise<Result> {
    try {
      const page = await this.ask(words);
      for (const summary of page.conversations) {
        this.found.set(summary.id, summary);
        this.lists.apply(summary);
      }
      return { state: "found", ids: page.conversations.map((one) => one.id), lookedThrough: page.looked_through ?? null };
    } catch (error) {
      if (!(error instanceof DeskError)) throw error;
      return { state: "failed", detail: error.message };
    }
  }
}
