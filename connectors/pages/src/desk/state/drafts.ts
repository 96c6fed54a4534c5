import { Keep } from "./keep";

/** Unsent words, one draft a conversation. They survive a reload and an expired session, and belong to one agent in one tab. */
export class Drafts {
  private readonly kept: Keep<Record<string, string>>;

  constructor(storage: Storage, agentId: string) {
    this.kept = new Keep(storage, `frontdesk.drafts.${agentId}`, {});
  }

  of(conversationId: string): string {
    return this.kept.value[conversationId] ?? "";
  }

  set(conversationId: string, text: string): void {
    const { [conversationId]: _, ...others } = this.kept.value;
    this.kept.value = text ? { ...others, [conversationId]: text } : others;
  }

  forget(): void {
    this.kept.value = {};
  }
}
