import type { Agent, ConversationDetail, Message, Summary } from "../../shared/wire";

export const ana: Agent = {
  id: "a_ana",
  email: "ana@example.com",
  name: "Ana",
  role: "agent",
  present: true,
  capacity: 4,
  skills: [],
  holding: 0,
  away_reason: null,
};
export const ben: Agent = { ...ana, id: "a_ben", email: "ben@example.com", name: "Ben" };

export const asHolder = (agent: Agent): Summary["agent"] => ({ id: agent.id, name: agent.name });

/** Maya's conversation, waiting in the queue. */
export function mayas(change: Partial<Summary> = {}): Summary {
  return {
    id: "c_maya",
    channel: "web",
    customer: { name: "Maya" },
    holder: "queue",
    agent: null,
    epoch: 1,
    case: 1,
    ticket: { id: "t_1", reason: "asked", priority: 0, queued_at: "2026-03-10T09:00:00Z", position: 1, lease_until: null, skills: [], offer: null, promised_at: null, email: null },
    snooze: null,
    last_message: { seq: 1, author: "customer", text: "a person please", at: "2026-03-10T09:00:00Z" },
    last_seq: 1,
    unread: 1,
    updated_at: "2026-03-10T09:00:00Z",
    ...change,
  };
}

export function message(seq: number, change: Partial<Message> = {}): Message {
  return {
    seq,
    author: "customer",
    name: null,
    text: `line ${seq}`,
    wordless: false,
    at: new Date(Date.UTC(2026, 2, 10, 9, 0, seq)).toISOString(),
    case: 1,
    buttons: [],
    attachment: null,
    files: [],
    handoff: null,
    state: "done",
    edited_at: null,
    understanding: null,
    client_id: null,
    ...change,
  };
}

export function detailOf(conversation: Summary, messages: Message[]): ConversationDetail {
  return {
    conversation,
    messages,
    ticket: null,
    history: [],
    brief: {
      summary: [],
      reason_text: "",
      evidence: [],
      tried: [],
      failed: [],
      asked_and_answered: [],
      slots: {},
      frustration: [],
      orders: [],
      orders_note: null,
      earlier: [],
    },
    notes: [],
    customer: {},
  };
}
