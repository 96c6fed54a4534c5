import { io } from "socket.io-client";

/** The part of a Socket.IO socket that a session uses; tests bring their own. */
export interface ChatSocket {
  readonly connected: boolean;
  on(event: string, listener: (...args: never[]) => void): unknown;
  emit(event: string, payload: unknown): unknown;
  /** Rejects when no acknowledgement comes within `milliseconds` or the connection drops first. */
  timeout(milliseconds: number): { emitWithAck(event: string, payload: unknown): Promise<unknown> };
  connect(): unknown;
}

/** A socket to the desk at `origin` that does nothing until `connect()`. */
export function deskSocket(origin: string): ChatSocket {
  return io(origin, {
    autoConnect: false,
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
    randomizationFactor: 0.5,
  });
}
