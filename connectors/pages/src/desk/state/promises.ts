import { computed, signal } from "@preact/signals";
import type { DeskPromise } from "../../shared/wire";
import { DeskError } from "../api/errors";
import type { DeskHttp } from "../api/http";

/** How a promise is told to the agent when it comes near, or is late. */
export type Tell = (promise: DeskPromise) => void;

const LOOK_EVERY_MS = 30_000;
const LOOK_AFTER_NEWS_MS = 2_000;

/** Everything the shop's customers were promised and do not have yet, the first due first. */
export class Promises {
  readonly open = signal<readonly DeskPromise[]>([]);
  /** Why the list could not be fetched; empty when it is up to date. */
  readonly problem = signal("");
  readonly pressing = computed(() => this.open.value.filter((promise) => promise.state !== "open").length);
  private told = new Map<string, string>();
  private known = false;
  private every: ReturnType<typeof setInterval> | undefined;
  private soon: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly http: DeskHttp,
    private readonly tell: Tell,
  ) {}

  start(): void {
    this.stop();
    void this.load();
    this.every = setInterval(() => void this.load(), LOOK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.every);
    clearTimeout(this.soon);
    this.soon = undefined;
  }

  /** Something happened at the desk: a promise may have been made, kept or broken. */
  lookShortly(): void {
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      void this.load();
    }, LOOK_AFTER_NEWS_MS);
  }

  of(conversationId: string): DeskPromise[] {
    return this.open.value.filter((promise) => promise.conversation_id === conversationId);
  }

  async load(): Promise<void> {
    try {
      const open = await this.http.promises();
      this.problem.value = "";
      this.open.value = open;
      this.tellWhatIsPressing(open);
    } catch (error) {
      if (!(error instanceof DeskError)) throw error;
      this.problem.value = error.message;
    }
  }

  /** Throws the DeskError. The same `id` again is the same promise. */
  async make(conversationId: string, id: string, text: string, dueAt: Date): Promise<void> {
    await this.http.makePromise(conversationId, id, text, dueAt.toISOString());
    await this.load();
  }

  /** Throws the DeskError. `released`: the customer no longer needs it. */
  async settle(id: string, how: "kept" | "released"): Promise<void> {
    await this.http.settlePromise(id, how);
    this.open.value = this.open.value.filter((promise) => promise.id !== id);
    await this.load();
  }

  // Once as a reminder, once as an alarm; what was so before this desk was opened is only shown.
  private tellWhatIsPressing(open: readonly DeskPromise[]): void {
    const before = this.told;
    this.told = new Map(open.map((promise) => [promise.id, promise.state]));
    if (this.known) open.filter((one) => one.state !== "open" && before.get(one.id) !== one.state).forEach(this.tell);
    this.known = true;
  }
}
