/** Who a conversation is with, and how it gets to a person. */

export type Author = "customer" | "bot" | "agent" | "system";
export type Holder = "bot" | "queue" | "agent" | "closed";
export type Channel = "web" | "telegram" | "slack" | "rest";
export type Role = "agent" | "supervisor" | "author" | "admin";

export type HandoffState = "offered" | "queued" | "connected" | "ticket" | "failed" | "ended";

export interface Handoff {
  state: HandoffState;
  reason?: string | null;
  /** Place in the queue, 1 is next. */
  position?: number | null;
  eta_minutes?: [low: number, high: number] | null;
  /** Who came, or had come when it ended; nobody when the customer left the queue. */
  agent?: string | null;
  /** The ticket's number, as a person would quote it. */
  ticket?: string | null;
  /** The time promised for an answer, or words for it. */
  promise?: string | null;
  /** How many messages the customer wrote while waiting that are kept for the person. */
  kept?: number;
  /** Where the customer wants the answer instead of waiting. */
  email?: string | null;
}
