/** The shapes of docs/wire.md. Times are ISO 8601 in UTC; ids are opaque. */

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

// ---- Web chat -----------------------------------------------------------------------------------------------------

export interface SessionRequest {
  session_id?: string;
  last_seq?: number;
  customer_data?: Record<string, unknown>;
  locale?: string;
  page?: string;
  /** Says that `session_renewed` is understood. */
  renews?: boolean;
}

/** From now on the session goes by this id; as soon as it is used, the one before opens nothing any more. */
export interface SessionRenewed {
  session_id: string;
}

export interface SessionState {
  last_seq: number;
  holder: Holder;
  agent_name: string | null;
  handoff: Handoff | null;
  /** What agent or bot has read of the customer's messages. */
  seen_seq: number | null;
  /** Where the customer can write in this conversation. */
  channels?: Channel[];
  /** Where this desk can take a web chat to. */
  continue_on?: Channel[];
  resumed: boolean;
}

/** A link for this customer alone, and until when it is good. */
export type JoinLinkAck = { url: string; until: string } | (ErrorNotice & { retry: boolean });

export interface UserUttered {
  message: string;
  session_id: string;
  id: string;
}

/** The customer's own words, replayed or said in another tab. */
export interface UserUtteredEcho {
  message: string;
  id: string | null;
  seq: number;
  at: string;
  /** A file that the customer sent. */
  attachment?: Attachment | null;
}

export type ErrorCode = "too_long" | "empty" | "rate_limited" | "no_session" | "unavailable" | "malformed";

export interface ErrorNotice {
  error: ErrorCode | string;
  detail: string;
}

export type UserUtteredAck = { seq: number; at: string } | (ErrorNotice & { retry: boolean });

export interface QuickReply {
  title: string;
  content_type?: "text";
  /** Opaque: the gateway maps it. */
  payload: string;
}

export interface Attachment {
  type: string;
  payload: { src: string; title?: string | null; size?: number | null };
}

export interface BotUttered {
  text: string | null;
  quick_replies?: QuickReply[] | null;
  attachment?: Attachment | null;
  metadata: {
    seq: number;
    at: string;
    author: Exclude<Author, "customer">;
    name: string | null;
    handoff?: Handoff | null;
  };
}

export interface TypingNotice {
  on: boolean;
  author: Exclude<Author, "customer">;
  name: string | null;
}

// ---- Desk ---------------------------------------------------------------------------------------------------------

export interface Agent {
  id: string;
  email: string;
  name: string;
  role: Role;
  present: boolean;
  capacity: number;
  skills: string[];
  holding: number;
  /** Why the desk set this agent away; null when they went themselves. */
  away_reason: string | null;
}

export interface AgentSession {
  agent: Agent;
  csrf: string;
}

export interface Counts {
  queue: number;
  mine: number;
  /** What this agent has set aside. */
  snoozed: number;
  agent: number;
  bot: number;
}

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
  /** Set aside by its agent until then. */
  snooze: { until: string; note: string | null } | null;
  last_message: { seq: number; author: Author; text: string; at: string } | null;
  last_seq: number;
  unread: number;
  updated_at: string;
}

export interface Understanding {
  intent: { name: string; confidence: number } | null;
  faq: string | null;
  entities: { entity: string; value: string }[];
  frustration: { score: number; frustrated: boolean } | null;
}

export interface MessageAttachment {
  kind: "link" | "pdf" | string;
  title: string | null;
  url: string;
}

export interface MessageFile {
  id: string;
  kind: string;
  title: string;
  mime: string;
  size: number | null;
  state: "waiting" | "kept" | "refused" | "lost";
  url: string;
  detail: string | null;
}

export interface Message {
  seq: number;
  author: Author;
  name: string | null;
  text: string;
  /** Nothing was written: `text` only describes what was sent. */
  wordless: boolean;
  at: string;
  case: number;
  buttons: { id: string; title: string }[];
  attachment: MessageAttachment | null;
  /** What was sent besides words. */
  files: MessageFile[];
  handoff: Handoff | null;
  state: "waiting" | "done" | "pending" | "sending" | "sent" | "dead" | "cancelled";
  edited_at: string | null;
  understanding: Understanding | null;
  /** The UUID its sender made for it. */
  client_id: string | null;
}

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

export interface Note {
  id: string;
  agent: { id: string; name: string };
  text: string;
  at: string;
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

/** A skill that a conversation can be passed on to. */
export interface Team {
  name: string;
  agents: number;
  present: number;
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
