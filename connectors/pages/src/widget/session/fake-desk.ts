import type { BotUttered, SessionRequest, UserUttered, UserUtteredAck } from "../../shared/wire";
import type { ChatSocket } from "./socket";

type Listener = (...args: never[]) => void;
type Row = { seq: number; id: string | null; message: string } | BotUttered;

/** A desk with one conversation, and as many sockets to it as a test wants tabs. */
export class FakeDesk {
  readonly sockets: FakeSocket[] = [];
  readonly rows: Row[] = [];
  sessionId: string | null = null;
  private sessionsMade = 0;
  private nextId: string | null = null;
  private readonly replaced = new Set<string>();
  private seq = 0;
  /** Answers to the next messages instead of acceptance; "lost" keeps the message and drops the acknowledgement. */
  readonly refusals: (Exclude<UserUtteredAck, { seq: number }> | "lost" | "unheard")[] = [];

  socket(): FakeSocket {
    const socket = new FakeSocket(this);
    this.sockets.push(socket);
    return socket;
  }

  /** What the customer has said, each message once, in order. */
  get heard(): string[] {
    return this.rows.flatMap((row) => ("message" in row ? [row.message] : []));
  }

  reply(text: string, extra: Partial<BotUttered> = {}): BotUttered {
    const row = makeReply(++this.seq, text, extra);
    this.rows.push(row);
    for (const socket of this.sockets) socket.hear("bot_uttered", row);
    return row;
  }

  forgetSession(): void {
    this.sessionId = null;
    this.rows.length = 0;
    this.seq = 0;
  }

  /** Tells a tab the id that replaces the session's; the old one is good until this one is used. */
  renew(socket: FakeSocket): void {
    this.nextId = `${this.sessionId}-renewed`;
    socket.hear("session_renewed", { session_id: this.nextId });
  }

  open(socket: FakeSocket, request: SessionRequest): void {
    if (request.session_id !== undefined && this.replaced.has(request.session_id)) return this.turnOut(socket);
    if (this.nextId !== null && request.session_id === this.nextId) this.replaceBy(this.nextId, socket);
    if (request.session_id === undefined || request.session_id !== this.sessionId) {
      this.sessionId = `session-${++this.sessionsMade}`;
    }
    socket.hear("session_confirm", this.sessionId);
    const state = { last_seq: this.seq, holder: "bot", agent_name: null, handoff: null, seen_seq: null, resumed: true };
    socket.hear("session_state", state);
    for (const row of this.rows) {
      if ("message" in row && row.seq > request.last_seq!) socket.hear("user_uttered", { ...row, at: AT });
      if ("metadata" in row && row.metadata.seq > request.last_seq!) socket.hear("bot_uttered", row);
    }
  }

  private replaceBy(id: string, user: FakeSocket): void {
    this.replaced.add(this.sessionId!);
    this.sessionId = id;
    this.nextId = null;
    for (const socket of this.sockets) if (socket !== user) this.turnOut(socket);
  }

  private turnOut(socket: FakeSocket): void {
    socket.hear("error_notice", { error: "renewed", detail: "This chat has a new session id.", retry: true });
  }

  async accept(from: FakeSocket, frame: UserUttered): Promise<UserUtteredAck> {
    const refusal = this.refusals.shift();
    if (refusal === "unheard") throw new Error("no acknowledgement");
    if (refusal !== undefined && refusal !== "lost") return refusal;
    const known = this.rows.find((row) => "message" in row && row.id === frame.id) as { seq: number } | undefined;
    const seq = known?.seq ?? ++this.seq;
    if (!known) {
      this.rows.push({ seq, id: frame.id, message: frame.message });
      const echo = { message: frame.message, id: frame.id, seq, at: AT };
      for (const socket of this.sockets) if (socket !== from) socket.hear("user_uttered", echo);
    }
    if (refusal === "lost") throw new Error("no acknowledgement");
    return { seq, at: AT };
  }
}

export const AT = "2026-03-10T09:00:00Z";

export function makeReply(seq: number, text: string, { metadata, ...extra }: Partial<BotUttered> = {}): BotUttered {
  return { text, ...extra, metadata: { seq, at: AT, author: "bot", name: "Fern", ...metadata } };
}

export class FakeSocket implements ChatSocket {
  connected = false;
  readonly sent: { event: string; payload: unknown }[] = [];
  private readonly listeners = new Map<string, Listener>();

  constructor(private readonly desk: FakeDesk) {}

  on(event: string, listener: Listener): void {
    this.listeners.set(event, listener);
  }

  hear(event: string, payload?: unknown): void {
    if (this.connected) this.listeners.get(event)?.(payload as never);
  }

  emit(event: string, payload: unknown): void {
    this.sent.push({ event, payload });
    if (event === "session_request") this.desk.open(this, payload as SessionRequest);
  }

  timeout(): { emitWithAck(event: string, payload: unknown): Promise<unknown> } {
    return {
      emitWithAck: (event, payload) => {
        this.sent.push({ event, payload });
        return this.desk.accept(this, payload as UserUttered);
      },
    };
  }

  connect(): void {
    this.connected = true;
    this.hear("connect");
  }

  drop(reason = "transport close"): void {
    this.hear("disconnect", reason);
    this.connected = false;
  }

  payloads(event: string): unknown[] {
    return this.sent.filter((frame) => frame.event === event).map((frame) => frame.payload);
  }
}
