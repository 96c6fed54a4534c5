/** The web chat: the frames of its socket. */
import type { Author, Channel, Handoff, Holder } from "./holders";

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
