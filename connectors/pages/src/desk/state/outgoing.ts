import type { ReadonlySignal } from "@preact/signals";
import type { Message } from "../../shared/wire";
import { DeskError } from "../api/errors";
import { Keep } from "./keep";

/** A message on its way from this browser to the gateway. */
export interface Outgoing {
  /** Made here and sent with every try, so that a repeated try is not a second message. */
  id: string;
  conversationId: string;
  text: string;
  at: string;
  /** `failed` may be tried again; `refused` never will be accepted as it stands. */
  state: "sending" | "failed" | "refused";
  detail: string;
}

type Post = (conversationId: string, id: string, text: string) => Promise<Message>;
type Accepted = (conversationId: string, message: Message) => void;

/** Sends in the order they were typed, one at a time per conversation, and loses none: what fails stays, with its words. */
export class OutgoingMessages {
  private readonly kept: Keep<Outgoing[]>;
  private readonly pumping = new Set<string>();

  constructor(
    storage: Storage,
    agentId: string,
    private readonly post: Post,
    private readonly accepted: Accepted,
  ) {
    this.kept = new Keep<Outgoing[]>(storage, `frontdesk.outgoing.${agentId}`, []);
    // A reload interrupted these tries; whether they arrived is unknown, and asking again is harmless.
    this.kept.value = this.kept.value.map((item) => (item.state === "sending" ? failed(item, "Interrupted by a reload.") : item));
  }

  get items(): ReadonlySignal<Outgoing[]> {
    return this.kept.signal;
  }

  of(conversationId: string): Outgoing[] {
    return this.kept.value.filter((item) => item.conversationId === conversationId);
  }

  send(conversationId: string, text: string): Promise<void> {
    const item: Outgoing = {
      id: crypto.randomUUID(),
      conversationId,
      text,
      at: new Date().toISOString(),
      state: "sending",
      detail: "",
    };
    this.kept.value = [...this.kept.value, item];
    return this.pump(conversationId);
  }

  /** Tries everything of the conversation that failed again, in its order. */
  retry(conversationId: string): Promise<void> {
    this.update(
      (item) => item.conversationId === conversationId && item.state === "failed",
      (item) => ({ ...item, state: "sending", detail: "" }),
    );
    return this.pump(conversationId);
  }

  async retryAll(): Promise<void> {
    const conversations = new Set(this.kept.value.filter((item) => item.state === "failed").map((item) => item.conversationId));
    await Promise.all([...conversations].map((id) => this.retry(id)));
  }

  /** Takes an unsent message away and returns its words. */
  takeBack(id: string): string {
    const item = this.kept.value.find((one) => one.id === id);
    this.remove(id);
    return item?.text ?? "";
  }

  /** The transcript shows these messages: what waited here for an answer to the same ids has arrived. */
  settle(messages: Message[]): void {
    const arrived = new Set(messages.map((message) => message.client_id));
    if (this.kept.value.some((item) => arrived.has(item.id))) {
      this.kept.value = this.kept.value.filter((item) => !arrived.has(item.id));
    }
  }

  forget(): void {
    this.kept.value = [];
  }

  private async pump(conversationId: string): Promise<void> {
    if (this.pumping.has(conversationId)) return;
    this.pumping.add(conversationId);
    try {
      for (let item = this.next(conversationId); item; item = this.next(conversationId)) await this.attempt(item);
    } finally {
      this.pumping.delete(conversationId);
    }
  }

  private next(conversationId: string): Outgoing | undefined {
    return this.of(conversationId).find((item) => item.state === "sending");
  }

  private async attempt(item: Outgoing): Promise<void> {
    try {
      const message = await this.post(item.conversationId, item.id, item.text);
      this.remove(item.id);
      this.accepted(item.conversationId, message);
    } catch (error) {
      if (!(error instanceof DeskError)) throw error;
      if (error.passing || error.signedOut) this.holdBack(item, error.message);
      else this.update(sameAs(item), (one) => ({ ...one, state: "refused", detail: error.message }));
    }
  }

  // The ones typed after it wait as well: sent now, they would arrive before it.
  private holdBack(item: Outgoing, detail: string): void {
    this.update(
      (one) => one.conversationId === item.conversationId && one.state === "sending",
      (one) => failed(one, detail),
    );
  }

  private remove(id: string): void {
    this.kept.value = this.kept.value.filter((item) => item.id !== id);
  }

  private update(which: (item: Outgoing) => boolean, change: (item: Outgoing) => Outgoing): void {
    this.kept.value = this.kept.value.map((item) => (which(item) ? change(item) : item));
  }
}

function failed(item: Outgoing, detail: string): Outgoing {
  return { ...item, state: "failed", detail };
}

function sameAs(item: Outgoing): (other: Outgoing) => boolean {
  return (other) => other.id === item.id;
}
