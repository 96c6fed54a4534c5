const REPEAT_MS = 3_000;
const IDLE_MS = 5_000;

/** Tells the gateway that the agent is typing: at most every three seconds, and that it stopped after five quiet ones. */
export class TypingSignal {
  private conversationId: string | null = null;
  private lastSaid = 0;
  private idle: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly say: (conversationId: string, on: boolean) => void) {}

  key(conversationId: string): void {
    if (this.conversationId !== conversationId) this.stop();
    this.conversationId = conversationId;
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.stop(), IDLE_MS);
    if (Date.now() - this.lastSaid < REPEAT_MS) return;
    this.lastSaid = Date.now();
    this.say(conversationId, true);
  }

  stop(): void {
    clearTimeout(this.idle);
    if (this.conversationId) this.say(this.conversationId, false);
    this.conversationId = null;
    this.lastSaid = 0;
  }
}
