import { io, type Socket } from "socket.io-client";
import type { Agent, Counts, Message, Summary } from "../../shared/wire";

/** What the gateway tells the desk (docs/wire.md, "Desk: Socket.IO namespace /desk"). */
export interface LiveEvents {
  connected(): void;
  /** The line is down; the client keeps trying. */
  dropped(): void;
  /** The gateway turned the connection away and nothing will be retried until `open()` is called again. */
  refused(): void;
  hello(data: { agent: Agent; counts: Counts }): void;
  conversation(summary: Summary): void;
  message(data: { conversation_id: string; message: Message }): void;
  typing(data: { conversation_id: string; on: boolean; author: "customer" | "agent"; name: string | null }): void;
  seen(data: { conversation_id: string; seq: number }): void;
  lease_lost(data: { conversation_id: string; detail: string }): void;
  counts(counts: Counts): void;
  /** Something about the signed-in agent changed elsewhere: the desk set them away, or they did in another window. */
  agent(data: { agent: Agent }): void;
  signed_out(): void;
  /** A frame of ours could not be used. */
  error_notice(notice: { error: string; detail: string }): void;
}

/** The live line to the gateway. */
export interface Live {
  listen(events: LiveEvents): void;
  open(): void;
  close(): void;
  watch(id: string, lastSeq: number): void;
  unwatch(id: string): void;
  typing(id: string, on: boolean): void;
  seen(id: string, seq: number): void;
}

const GATEWAY_EVENTS = [
  "hello",
  "conversation",
  "message",
  "typing",
  "seen",
  "lease_lost",
  "counts",
  "agent",
  "signed_out",
  "error_notice",
] as const;

export class SocketLive implements Live {
  private readonly socket: Socket = io("/desk", { autoConnect: false, reconnectionDelayMax: 5_000 });
  private events: LiveEvents | null = null;

  constructor() {
    const { socket } = this;
    socket.on("connect", () => this.events?.connected());
    socket.on("disconnect", (reason) => {
      if (reason !== "io client disconnect") this.lost();
    });
    socket.on("connect_error", () => this.lost());
    for (const name of GATEWAY_EVENTS) socket.on(name, (data) => this.events?.[name](data as never));
  }

  /** From now on `events` hears everything; whoever listened before does not. */
  listen(events: LiveEvents): void {
    this.events = events;
  }

  open(): void {
    this.socket.connect();
  }

  close(): void {
    this.socket.disconnect();
  }

  watch(id: string, lastSeq: number): void {
    this.whenConnected("watch", { id, last_seq: lastSeq });
  }

  unwatch(id: string): void {
    this.whenConnected("unwatch", { id });
  }

  typing(id: string, on: boolean): void {
    this.whenConnected("typing", { id, on });
  }

  seen(id: string, seq: number): void {
    this.whenConnected("seen", { id, seq });
  }

  private lost(): void {
    if (this.socket.active) this.events?.dropped();
    else this.events?.refused();
  }

  // Socket.IO would queue these while offline; after a reconnect the desk says afresh what it watches.
  private whenConnected(event: string, data: object): void {
    if (this.socket.connected) this.socket.emit(event, data);
  }
}
