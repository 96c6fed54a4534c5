/** Tickets: what a person is asked for, and what became of it. */

export interface Evidence {
  kind: string;
  text: string;
}

export interface Ticket {
  id: string;
  number: string;
  reason: string;
  evidence: Evidence[];
  priority: string | number;
  state: string;
  queued_at: string;
  claimed_at: string | null;
  first_reply_at: string | null;
  ended_at: string | null;
  lease_until: string | null;
  needed: boolean | null;
  /** How the customer found it, 1 to 5; null when they have not said. */
  rating: number | null;
  /** What they added to it. */
  comment: string | null;
  /** Where the customer wants the answer instead of waiting. */
  email: string | null;
  agent: { id: string; name: string } | null;
}

/** Something a customer was told will be done by a time. */
export interface DeskPromise {
  id: string;
  conversation_id: string;
  customer: string | null;
  ticket: string | null;
  kind: "answer" | "agent";
  text: string;
  due_at: string;
  agent: { id: string; name: string } | null;
  made_at: string;
  state: "open" | "soon" | "broken" | "kept" | "kept_late" | "released";
  ended_at: string | null;
}

/** Something that happened to a ticket at the desk. */
export interface HistoryStep {
  at: string;
  kind: string;
  agent: { id: string; name: string } | null;
  text: string;
  /** How long it was snoozed for. */
  until: string | null;
}

/** Something that ran out on the agent who is signed in. */
export interface Missed {
  at: string;
  kind: string;
  text: string;
  conversation_id: string;
  ticket: string;
  customer_name: string | null;
}

/** Handoffs, and what agents said of them; the rest is not judged yet. */
export interface Tally {
  decided: number;
  needed: number;
  not_needed: number;
}

/** Handoffs by reason and by the score with which the bot decided them. */
export interface Calibration {
  since: string;
  all: Tally;
  reasons: (Tally & { reason: string })[];
  scores: (Tally & { low: number; high: number | null })[];
  offers: number;
  offers_taken: number;
}
