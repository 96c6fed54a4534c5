import { batch, computed, signal } from "@preact/signals";
import { v4 as uuid } from "uuid";
import type {
  BotUttered,
  ErrorNotice,
  Handoff,
  Holder,
  JoinLinkAck,
  SessionRenewed,
  SessionRequest,
  SessionState,
  TypingNotice,
  UserUttered,
  UserUtteredAck,
  UserUtteredEcho,
} from "../../shared/wire";
import { upload, type Upload } from "../../shared/upload";
import { UnsentFiles } from "./files";
import { Outbox, type UnsentMessage } from "./outbox";
import type { ChatSocket } from "./socket";
import type { SessionStore } from "./store";
import { type Entry, Transcript } from "./transcript";

/** `idle` until someone wants to talk; `connecting` until the first session; `reconnecting` after a loss. */
export type Connection = "idle" | "connecting" | "online" | "reconnecting" | "offline";

export interface Visitor {
  locale: string;
  /** The page the customer is on, without query and fragment: those may hold secrets. */
  page: string;
}

export const MAX_MESSAGE_LENGTH = 4_000;
/** The explicit-ask detector's own word for the button. */
export const HUMAN_REQUEST = "/human";

const ACK_TIMEOUT_MS = 10_000;
const CONFIRM_TIMEOUT_MS = 6_000;
const REFUSED_RETRY_MS = 3_000;
/** Another tab may have been given the new id, and has just written it down. */
const RENEWED_RETRY_MS = 500;
const RENEWED_TRIES = 6;
const REPLAY_SETTLED_MS = 2_000;
const RETRY_DELAYS_MS = [1_000, 2_000, 4_000, 8_000, 15_000];
const TYPING_SHOWN_MS = 10_000;
const TYPING_REPEAT_MS = 3_000;
const TYPING_IDLE_MS = 5_000;

/** One customer's talk with the desk: what was said, what is still to be sent, and who is on the other side. */
export class ChatSession {
  readonly connection = signal<Connection>("idle");
  /** True while what was said earlier is still coming in. */
  readonly replaying = signal(false);
  readonly entries = signal<readonly Entry[]>([]);
  readonly unsent = signal<readonly UnsentMessage[]>([]);
  readonly holder = signal<Holder>("bot");
  readonly agentName = signal<string | null>(null);
  readonly handoff = signal<Handoff | null>(null);
  readonly typing = signal<TypingNotice | null>(null);
  /** The newest of the customer's messages that the other side has read. */
  readonly readSeq = signal(0);
  /** The newest message that has been on the customer's screen. */
  readonly seenSeq = signal(0);
  /** Whether the talk can go on in Telegram, and does not yet. */
  readonly mayContinue = signal(false);
  readonly unread = computed(
    () => this.entries.value.filter((entry) => entry.kind === "reply" && entry.seq > this.seenSeq.value).length,
  );

  /** The customer's files on their way. */
  readonly files: UnsentFiles;

  private readonly transcript = new Transcript();
  private readonly outbox: Outbox;
  private networkUp = true;
  private sessionId: string | null = null;
  private confirmed = false;
  private confirmedWaiters: ((sessionId: string) => void)[] = [];
  private refusedAsRenewed = 0;
  private sending = false;
  private replayUntil = 0;
  private confirmTimer: ReturnType<typeof setTimeout> | undefined;
  private typingShownTimer: ReturnType<typeof setTimeout> | undefined;
  private typingIdleTimer: ReturnType<typeof setTimeout> | undefined;
  private typingSaidAt = 0;
  private wakeSender: () => void = () => {};

  constructor(
    private readonly socket: ChatSocket,
    private readonly store: SessionStore,
    private readonly visitor: Visitor,
    origin = "",
    uploader: Upload = upload,
  ) {
    this.files = new UnsentFiles(origin, uploader, () => this.session(), (echo) => this.receiveOwn(echo));
    this.outbox = new Outbox(store);
    this.unsent.value = this.outbox.list();
    this.seenSeq.value = store.readSeen();
    store.onOtherTab(() => this.followOtherTab());
    socket.on("connect", () => this.requestSession());
    socket.on("disconnect", (reason: string) => this.loseConnection(reason === "io server disconnect"));
    socket.on("connect_error", () => this.loseConnection(false));
    socket.on("session_confirm", (id: string) => this.confirm(id));
    socket.on("session_renewed", (renewed: SessionRenewed) => this.renew(renewed.session_id));
    socket.on("session_state", (state: SessionState) => this.applyState(state));
    socket.on("bot_uttered", (reply: BotUttered) => this.receiveReply(reply));
    socket.on("user_uttered", (echo: UserUtteredEcho) => this.receiveOwn(echo));
    socket.on("erased", () => this.forget());
    socket.on("typing", (notice: TypingNotice) => this.showTyping(notice));
    socket.on("seen", ({ seq }: { seq: number }) => (this.readSeq.value = Math.max(this.readSeq.value, seq)));
    socket.on("error_notice", (notice: ErrorNotice) => this.receiveNotice(notice));
  }

  /** True when an earlier visit left something to come back to. */
  get resumable(): boolean {
    return this.store.readSessionId() !== null || this.outbox.list().length > 0;
  }

  /** Connects, unless that was done or is under way. */
  start(): void {
    if (this.connection.value !== "idle") return;
    this.connection.value = "connecting";
    this.socket.connect();
  }

  /** Says `text`, shown as `title`. Blank text is nothing to say. The message survives a reload until the desk has it. */
  say(text: string, title: string = text): void {
    if (text.trim() === "") return;
    this.outbox.add(uuid(), text, title, new Date());
    this.stopTyping();
    this.publish();
    this.start();
    void this.sendWaiting();
  }

  /** Sends files, each as a message of its own. */
  sendFiles(files: Iterable<File>): void {
    this.start();
    void this.files.send(files);
  }

  /** A link that brings this talk to Telegram; null when there is none just now. */
  async telegramLink(): Promise<string | null> {
    const asked = this.socket.timeout(ACK_TIMEOUT_MS).emitWithAck("continue_on_telegram", {});
    const answer = await asked.then((ack) => ack as JoinLinkAck).catch(() => null);
    return answer !== null && "url" in answer && answer.url.startsWith("https://t.me/") ? answer.url : null;
  }

  /** Sends again what could not be sent, in its old order. */
  retry(): void {
    this.outbox.retryAll({ evenStale: true });
    this.publish();
    this.wakeSender();
    void this.sendWaiting();
  }

  /** Takes an unsent message back; its words, so that they can be changed. */
  withdraw(id: string): string {
    const title = this.outbox.remove(id)?.title ?? "";
    this.publish();
    return title;
  }

  /** Everything up to `seq` has been on screen. */
  markSeen(seq: number): void {
    if (seq <= this.seenSeq.value) return;
    this.seenSeq.value = seq;
    this.store.writeSeen(seq);
    if (this.confirmed) this.socket.emit("seen", { seq });
  }

  /** A key was pressed in the composer. */
  noteTyping(): void {
    clearTimeout(this.typingIdleTimer);
    this.typingIdleTimer = setTimeout(() => this.stopTyping(), TYPING_IDLE_MS);
    if (!this.confirmed || Date.now() - this.typingSaidAt < TYPING_REPEAT_MS) return;
    this.typingSaidAt = Date.now();
    this.socket.emit("typing", { on: true });
  }

  stopTyping(): void {
    clearTimeout(this.typingIdleTimer);
    if (this.typingSaidAt === 0) return;
    this.typingSaidAt = 0;
    if (this.confirmed) this.socket.emit("typing", { on: false });
  }

  /** The browser noticed that it has a network, or has lost it. */
  networkChanged(online: boolean): void {
    this.networkUp = online;
    if (this.connection.value === "idle") return;
    if (!online) {
      this.connection.value = "offline";
    } else if (this.confirmed) {
      this.connection.value = "online";
    } else {
      this.connection.value = "reconnecting";
      this.wake();
    }
  }

  /** Tries at once instead of at the next interval, for instance when a phone is unlocked. */
  wake(): void {
    if (this.connection.value !== "idle" && !this.socket.connected) this.socket.connect();
  }

  // ---- Session ------------------------------------------------------------------------------------------------------

  /** The session's id, as soon as the desk has confirmed it. */
  private session(): Promise<string> {
    if (this.confirmed && this.sessionId !== null) return Promise.resolve(this.sessionId);
    return new Promise((resolve) => this.confirmedWaiters.push(resolve));
  }

  private requestSession(): void {
    this.confirmed = false;
    const stored = this.store.readSessionId();
    if (this.sessionId !== null && this.sessionId !== stored && !this.store.isRenewalOf(this.sessionId)) {
      this.forgetTranscript();
    }
    this.sessionId = stored;
    this.replaying.value = this.sessionId !== null;
    this.requestAgainIn(CONFIRM_TIMEOUT_MS);
    this.emitRequest();
  }

  private emitRequest(): void {
    const request: SessionRequest = { last_seq: this.transcript.resumeFrom, renews: true, ...this.visitor };
    if (this.sessionId !== null) request.session_id = this.sessionId;
    this.socket.emit("session_request", request);
  }

  /** The desk replaces the session's id. Until the new one has been used the old one stays good, so nothing can be lost. */
  private renew(id: string): void {
    if (this.sessionId === null || id === this.sessionId) return;
    this.store.renewSessionId(this.sessionId, id);
    if (this.store.readSessionId() !== id) return; // a full storage: after a reload only the old one would be known
    this.sessionId = id;
    this.emitRequest();
  }

  /** The id has been replaced, and this tab has not heard of the new one: its browser may know it. */
  private lookForRenewed(): void {
    this.confirmed = false;
    if (this.store.readSessionId() !== this.sessionId) {
      this.requestSession();
    } else if (++this.refusedAsRenewed < RENEWED_TRIES) {
      this.requestAgainIn(RENEWED_RETRY_MS);
    } else {
      this.store.forgetSessionId();
      this.requestSession();
    }
  }

  private requestAgainIn(milliseconds: number): void {
    clearTimeout(this.confirmTimer);
    this.confirmTimer = setTimeout(() => {
      if (this.socket.connected && !this.confirmed) this.requestSession();
    }, milliseconds);
  }

  private confirm(id: string): void {
    clearTimeout(this.confirmTimer);
    if (id !== this.sessionId) this.beginAnew(id);
    this.confirmed = true;
    this.refusedAsRenewed = 0;
    for (const resolve of this.confirmedWaiters.splice(0)) resolve(id);
    this.connection.value = "online";
    this.outbox.retryAll({ evenStale: false });
    this.publish();
    this.wakeSender();
    void this.sendWaiting();
  }

  /** The first visit, or the desk no longer knows the old session. Unsent words stay: they go to the new one. */
  private beginAnew(id: string): void {
    this.sessionId = id;
    this.store.writeSessionId(id);
    this.store.writeSeen(0);
    this.replaying.value = false;
    this.forgetTranscript();
  }

  /** The customer had everything erased, from another of their channels. */
  private forget(): void {
    this.store.writeSeen(0);
    this.forgetTranscript();
  }

  private forgetTranscript(): void {
    this.transcript.clear();
    batch(() => {
      this.holder.value = "bot";
      this.agentName.value = null;
      this.handoff.value = null;
      this.mayContinue.value = false;
      this.readSeq.value = 0;
      this.seenSeq.value = this.store.readSeen();
    });
    this.publish();
  }

  private applyState(state: SessionState): void {
    batch(() => {
      this.holder.value = state.holder;
      this.agentName.value = state.agent_name;
      this.handoff.value = state.handoff;
      this.readSeq.value = Math.max(this.readSeq.value, state.seen_seq ?? 0);
      this.mayContinue.value = canContinue(state);
    });
    this.replayUntil = state.last_seq;
    this.noteReplay(this.transcript.list().at(-1)?.seq ?? 0);
    // The newest number may belong to something a customer never sees.
    setTimeout(() => (this.replaying.value = false), REPLAY_SETTLED_MS);
  }

  private noteReplay(seq: number): void {
    if (seq >= this.replayUntil) this.replaying.value = false;
  }

  private loseConnection(serverClosed: boolean): void {
    this.confirmed = false;
    clearTimeout(this.confirmTimer);
    this.typing.value = null;
    this.connection.value = this.networkUp ? "reconnecting" : "offline";
    // Socket.IO comes back by itself from everything but the desk's own goodbye, for instance at its restart.
    if (serverClosed) setTimeout(() => this.wake(), REFUSED_RETRY_MS * Math.random());
  }

  private receiveNotice(notice: ErrorNotice): void {
    if (notice.error === "renewed") return this.lookForRenewed();
    if (notice.error === "no_session") this.confirmed = false;
    if (!this.confirmed && this.socket.connected) this.requestAgainIn(REFUSED_RETRY_MS);
  }

  /** Two tabs that were both given new sessions settle on the one written last. */
  private followOtherTab(): void {
    this.seenSeq.value = Math.max(this.seenSeq.value, this.store.readSeen());
    const id = this.store.readSessionId();
    if (this.confirmed && id !== null && id !== this.sessionId) this.requestSession();
  }

  // ---- What is said -------------------------------------------------------------------------------------------------

  private receiveReply(reply: BotUttered): void {
    this.transcript.addReply(reply);
    if (this.typing.value?.author === reply.metadata.author) this.typing.value = null;
    this.noteReplay(reply.metadata.seq);
    this.publish();
  }

  private receiveOwn(echo: UserUtteredEcho): void {
    const unsent = echo.id === null ? undefined : this.outbox.remove(echo.id);
    if (echo.id !== null) this.files.remove(echo.id);
    this.transcript.addOwn({ ...echo, message: unsent?.title ?? echo.message });
    this.noteReplay(echo.seq);
    this.publish();
  }

  private showTyping(notice: TypingNotice): void {
    clearTimeout(this.typingShownTimer);
    this.typing.value = notice.on ? notice : null;
    // Whoever types says so again and again; a lost "off" must not type for ever.
    if (notice.on) this.typingShownTimer = setTimeout(() => (this.typing.value = null), TYPING_SHOWN_MS);
  }

  private publish(): void {
    batch(() => {
      this.entries.value = this.transcript.list();
      this.unsent.value = this.outbox.list();
    });
  }

  // ---- Sending ------------------------------------------------------------------------------------------------------

  /** One message at a time, oldest first, each until it is acknowledged or given up: this keeps the order. */
  private async sendWaiting(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    let attempts = 0;
    for (let next = this.outbox.next(); next && this.confirmed; next = this.outbox.next()) {
      const settled = await this.sendOnce(next);
      attempts = settled ? 0 : attempts + 1;
      this.publish();
      if (!settled && this.confirmed) await this.pauseOrGiveUp(attempts);
    }
    this.sending = false;
  }

  /** True when the desk has decided on the message; false when it is worth another try. */
  private async sendOnce({ id, message, title }: UnsentMessage): Promise<boolean> {
    const frame: UserUttered = { message, id, session_id: this.sessionId ?? "" };
    const answer = await this.socket
      .timeout(ACK_TIMEOUT_MS)
      .emitWithAck("user_uttered", frame)
      .then((ack) => ack as UserUtteredAck)
      .catch(() => null);
    if (answer === null) return false;
    if ("seq" in answer) {
      this.receiveOwn({ id, message: title, seq: answer.seq, at: answer.at });
      return true;
    }
    if (answer.error === "no_session") {
      this.confirmed = false;
      this.requestAgainIn(REFUSED_RETRY_MS);
      return false;
    }
    if (answer.retry) return false;
    this.outbox.fail(id, { code: answer.error, retry: false });
    return true;
  }

  private async pauseOrGiveUp(attempts: number): Promise<void> {
    const delay = RETRY_DELAYS_MS[attempts - 1];
    if (delay === undefined) {
      this.outbox.failAllWaiting({ code: "unavailable", retry: true });
      this.publish();
      return;
    }
    await new Promise<void>((resolve) => {
      this.wakeSender = resolve;
      setTimeout(resolve, delay);
    });
  }
}

function canContinue({ last_seq, channels, continue_on }: SessionState): boolean {
  return last_seq > 0 && (continue_on ?? []).includes("telegram") && !(channels ?? []).includes("telegram");
}
