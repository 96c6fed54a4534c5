import type { Summary } from "../../shared/wire";
import type { LiveEvents } from "../api/live";
import { customerName } from "../words/people";
import type { Desk } from "./desk";
import { isMine, isOfferedTo, lossOf } from "./ownership";

const TYPING_FADES_MS = 8_000;

/** What the gateway says over the live line, and what it means for the desk and for the agent at it. */
export class News {
  private fade: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly desk: Desk) {}

  events(): LiveEvents {
    return {
      connected: () => this.desk.catchUp(),
      dropped: () => (this.desk.line.value = "reconnecting"),
      refused: () => this.desk.comeBack(),
      hello: ({ agent, counts }) => {
        this.desk.parts.session.agent.value = agent;
        this.desk.lists.counts.value = counts;
      },
      agent: ({ agent }) => (this.desk.parts.session.agent.value = agent),
      counts: (counts) => (this.desk.lists.counts.value = counts),
      conversation: (summary) => {
        this.takeSummary(summary);
        this.desk.promises.lookShortly();
      },
      message: (data) => this.desk.takeMessage(data.conversation_id, data.message),
      typing: (data) => this.showTyping(data),
      seen: (data) => this.desk.openTalk(data.conversation_id)?.customerHasSeen(data.seq),
      lease_lost: (data) => this.loseLease(data.conversation_id, data.detail),
      error_notice: ({ error }) => {
        if (error === "unavailable") this.desk.watchAgainSoon();
      },
      signed_out: () => this.desk.parts.session.ended("You were signed out here. Sign in to carry on: what you typed is still here."),
    };
  }

  private takeSummary(summary: Summary): void {
    const change = this.desk.lists.apply(summary);
    if (!change) return;
    this.tellOwnership(change.before, summary);
    this.callFor(change.before, summary);
    const talk = this.desk.openTalk(summary.id);
    if (talk) this.desk.refreshShortly(talk);
  }

  private tellOwnership(before: Summary | undefined, after: Summary): void {
    if (this.desk.actions.isActingOn(after.id)) return;
    const loss = lossOf(before, after, this.desk.agentId);
    if (!loss) return;
    const talk = this.desk.openTalk(after.id);
    if (talk) talk.notice.value ??= loss;
    else this.desk.say(`${customerName(after)}: ${loss.text}`);
  }

  private callFor(before: Summary | undefined, after: Summary): void {
    if (this.desk.actions.isActingOn(after.id)) return;
    const { alerts } = this.desk.parts;
    const show = (): void => this.desk.go({ tab: this.desk.isMine(after) ? "mine" : "queue", conversationId: after.id });
    const name = customerName(after);
    const isOffered = isOfferedTo(after, this.desk.agentId);
    if (isOffered && !isOfferedTo(before, this.desk.agentId)) alerts.call("A customer is offered to you", name, show);
    else if (after.holder === "queue" && before?.holder !== "queue") alerts.call("Someone is waiting", name, show);
    if (!this.desk.isMine(after) || after.snooze) return;
    if (before?.snooze && isMine(before, this.desk.agentId)) {
      this.desk.say(`${name} is back from snoozing.`);
      alerts.call("Back from snoozing", name, show);
      return;
    }
    if (!isMine(before, this.desk.agentId)) {
      this.desk.say(`${name} is now yours to answer.`);
      alerts.call("A conversation is yours to answer", name, show);
    } else if (after.last_message?.author === "customer" && after.last_seq > (before?.last_seq ?? 0)) {
      alerts.call(`${name} wrote`, after.last_message.text, show);
    }
  }

  private showTyping(data: { conversation_id: string; on: boolean; author: "customer" | "agent"; name: string | null }): void {
    const talk = this.desk.openTalk(data.conversation_id);
    if (!talk) return;
    clearTimeout(this.fade);
    talk.typing.value = data.on ? { author: data.author, name: data.name } : null;
    if (data.on) this.fade = setTimeout(() => (talk.typing.value = null), TYPING_FADES_MS);
  }

  private loseLease(conversationId: string, detail: string): void {
    const talk = this.desk.openTalk(conversationId);
    if (talk) talk.notice.value = { kind: "lease_lost", text: detail };
    else this.desk.say(detail);
    this.desk.parts.alerts.call("A conversation went back to the queue", detail, () => this.desk.go({ tab: "queue", conversationId }));
  }
}
