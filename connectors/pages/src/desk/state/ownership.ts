import type { Summary } from "../../shared/wire";
import type { TalkNotice } from "./talk";

export function isMine(summary: Summary | undefined, agentId: string): boolean {
  return summary?.holder === "agent" && summary.agent?.id === agentId;
}

/** Waiting, or with the bot: an agent may step in. */
export function mayClaim(summary: Summary): boolean {
  return summary.holder === "queue" || summary.holder === "bot";
}

/** Held out to this agent: nobody is rude who takes it, but they are asked first. */
export function isOfferedTo(summary: Summary | undefined, agentId: string): boolean {
  return summary?.holder === "queue" && summary.ticket?.offer?.agent.id === agentId;
}

/** What to tell an agent whose conversation has gone elsewhere without their doing; null when it has not. */
export function lossOf(before: Summary | undefined, after: Summary, agentId: string): TalkNotice | null {
  if (!isMine(before, agentId) || isMine(after, agentId)) return null;
  if (after.holder === "agent") {
    return { kind: "taken_over", text: `${after.agent?.name ?? "Another agent"} has taken over this conversation.` };
  }
  if (after.holder === "queue") return { kind: "lease_lost", text: "This conversation went back to the queue." };
  if (after.holder === "bot") return { kind: "taken_over", text: "This conversation was handed back to the bot." };
  return { kind: "taken_over", text: "This conversation has been closed." };
}

/** What the losers of a claim read. */
export function lostRace(winner: unknown): TalkNotice {
  const isNamed = typeof winner === "string" && winner !== "";
  const text = isNamed ? `${winner} got there first and is answering now.` : "It changed hands just now. What you see is up to date.";
  return { kind: "lost_race", text };
}
