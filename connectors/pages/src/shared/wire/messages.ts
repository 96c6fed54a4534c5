/** A transcript as the desk shows it. */
import type { Author, Handoff } from "./holders";

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

export interface Note {
  id: string;
  agent: { id: string; name: string };
  text: string;
  at: string;
}
