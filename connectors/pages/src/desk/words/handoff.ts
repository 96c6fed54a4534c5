import type { Handoff, Holder, Message, Summary } from "../../shared/wire";

const REASONS: Record<string, string> = {
  asked: "Asked for a person",
  frustrated: "Frustrated",
  not_understood: "Not understood",
  complex: "Complex request",
  complaint: "Complaint",
  safety: "Safety",
  legal: "Legal",
  vulnerable: "Needs care",
  policy: "Policy",
  shop_error: "Shop system error",
  bot_error: "Bot was unavailable",
  not_worked: "Did not work",
};

/** Why the customer is here, in a word or three. Reasons added later read as they are written. */
export function reasonName(reason: string): string {
  return REASONS[reason] ?? sentence(reason);
}

/** "returns" reads "Returns", "lang-de" reads "German". */
export function skillName(skill: string): string {
  const language = /^lang-([a-z]{2,3})$/.exec(skill)?.[1];
  return language ? (new Intl.DisplayNames("en", { type: "language" }).of(language) ?? skill) : sentence(skill);
}

export type Urgency = "ordinary" | "raised" | "urgent";

/** 0 is ordinary, 1 raised, 2 urgent. */
export function urgencyOf(priority: string | number): Urgency {
  const level = Number(priority);
  if (level >= 2) return "urgent";
  return level >= 1 ? "raised" : "ordinary";
}

/** Urgent, and no agent has written in this case: the desk closes it only with a note that says why. */
export function endsUnanswered({ ticket, case: current }: Summary, messages: Message[]): boolean {
  const isAnswered = messages.some((message) => message.author === "agent" && message.case === current);
  return urgencyOf(ticket?.priority ?? 0) === "urgent" && !isAnswered;
}

/** One line of the transcript for a change of hands. */
export function handoffLine(handoff: Handoff): string {
  switch (handoff.state) {
    case "offered":
      return "Offered a person";
    case "queued":
      return handoff.position ? `Waiting for a person, number ${handoff.position} in the queue` : "Waiting for a person";
    case "connected":
      return "Connected to a person";
    case "ticket":
      return handoff.ticket ? `Ticket ${handoff.ticket} was made` : "A ticket was made";
    case "failed":
      return "No person could be reached";
    case "ended":
      return handoff.agent ? "The talk with a person ended" : "Left the queue";
  }
}

const HOLDERS: Record<Holder, string> = {
  queue: "Waiting for a person",
  agent: "With an agent",
  bot: "With the bot",
  closed: "Closed",
};

export function holderName(holder: Holder): string {
  return HOLDERS[holder];
}

/** "track_order" reads "Track order". */
export function sentence(name: string): string {
  const words = name.replaceAll("_", " ").trim();
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}
