/** Conversations as the desk lists and opens them. */
import type { Counts } from "./agents";
import type { Author, Channel, Holder } from "./holders";
import type { Message, Note } from "./messages";
import type { Evidence, HistoryStep, Ticket } from "./tickets";

export interface Summary {
  id: string;
  channel: Channel;
  customer: { name: string | null };
  holder: Holder;
  agent: { id: string; name: string } | null;
  epoch: number;
  case: number;
  ticket: {
    id: string;
    reason: string;
    priority: string | number;
    queued_at: string;
    position: number | null;
    lease_until: string | null;
    /** What it calls for, such as "returns" or "lang-de". */
    skills: string[];
    /** Who is asked to take it, and until when; anyone may. */
    offer: { agent: { id: string; name: string }; until: string } | null;
    /** By when an answer was promised; null when none was, or it was kept. */
    promised_at: string | null;
    /** Where the customer wants the answer instead of waiting. */
    email: string | null;
  } | null;
  /** Snoozed by its agent until then. */
  snooze: { until: string; note: string | null } | null;
  last_message: { seq: number; author: Author; text: string; at: string } | null;
  last_seq: number;
  unread: number;
  updated_at: string;
}

export interface Order {
  number: string;
  state: string;
  placed_at: string;
  due_at: string | null;
  delivered_at: string | null;
  carrier: string | null;
  tracking_number: string | null;
  items: { name: string; size: string | null; quantity: number; price: number | string }[];
  total: number | string;
  currency: string;
  email_masked: string;
}

export interface Brief {
  summary: string[];
  reason_text: string;
  evidence: Evidence[];
  tried: string[];
  failed: string[];
  asked_and_answered: { question: string; answer: string }[];
  slots: Record<string, unknown>;
  frustration: { seq: number; score: number }[];
  orders: Order[];
  /** Why there are no orders, when there are none. */
  orders_note: string | null;
  earlier: { case: number; ended_at: string; summary: string }[];
}

export interface ConversationDetail {
  conversation: Summary;
  messages: Message[];
  ticket: Ticket | null;
  /** Of that ticket, oldest first. */
  history: HistoryStep[];
  brief: Brief;
  notes: Note[];
  customer: Record<string, unknown> & { name?: string | null };
}

export interface ConversationPage {
  conversations: Summary[];
  next_cursor: string | null;
  counts: Counts;
  /** Of a search: it covered only this many of the latest conversations. */
  looked_through?: number | null;
}

export interface ApiError {
  error: string;
  detail: string;
}

export interface ClaimConflict extends ApiError {
  winner: string | null;
  holder: Holder;
  epoch: number;
}
