import { computed, signal } from "@preact/signals";
import type { DeskPromise, Message, Summary } from "../../shared/wire";
import { DeskError } from "../api/errors";
import type { DeskHttp } from "../api/http";
import type { Live } from "../api/live";
import { promiseAlarm } from "../words/promises";
import { Actions } from "./actions";
import type { Alerts } from "./alerts";
import { Attachments } from "./attachments";
import { Drafts } from "./drafts";
import { isOlder, Lists } from "./lists";
import { News } from "./news";
import { OutgoingMessages } from "./outgoing";
import { Promises } from "./promises";
import { isMine, mayClaim } from "./ownership";
import { hashOf, routeOf, type Route } from "./route";
import { Search } from "./search";
import type { Session } from "./session";
import { Talk } from "./talk";
import { TypingSignal } from "./typing";

/** What a desk is built from. */
export interface Parts {
  http: DeskHttp;
  live: Live;
  session: Session;
  alerts: Alerts;
  storage: Storage;
  /** The part of the address after "#". */
  address: { read(): string; write(hash: string): void };
}

const REFRESH_AFTER_MS = 1_000;
const TRY_AGAIN_MS = 4_000;

/** One signed-in agent's desk: takes in what the gateway says, and keeps lists, the open conversation and unsent words true to it. */
export class Desk {
  readonly line = signal<"connecting" | "live" | "reconnecting">("connecting");
  readonly route = signal<Route>({ tab: "queue", conversationId: null, details: false });
  readonly talk = signal<Talk | null>(null);
  /** A sentence shown for a moment and read out; null when there is none. */
  readonly toast = signal<string | null>(null);
  readonly lists: Lists;
  readonly drafts: Drafts;
  readonly outgoing: OutgoingMessages;
  readonly attachments: Attachments;
  readonly actions: Actions;
  readonly search: Search;
  readonly promises: Promises;
  private readonly typingSignal: TypingSignal;
  private refreshSoon: ReturnType<typeof setTimeout> | undefined;
  private again: ReturnType<typeof setTimeout> | undefined;
  private seenSent = 0;

  /** The open conversation, as the newest word has it. */
  readonly current = computed<Summary | null>(() => {
    const talk = this.talk.value;
    const loaded = talk?.detail.value?.conversation;
    const listed = talk ? this.lists.get(talk.id) : undefined;
    if (loaded && listed) return isOlder(listed, loaded) ? loaded : listed;
    return listed ?? loaded ?? null;
  });

  constructor(
    readonly parts: Parts,
    readonly agentId: string,
  ) {
    const { http, live, storage } = parts;
    this.lists = new Lists((query) => http.list(query), agentId);
    this.search = new Search((words) => http.search(words), this.lists);
    this.drafts = new Drafts(storage, agentId);
    this.outgoing = new OutgoingMessages(
      storage,
      agentId,
      (conversationId, id, text) => http.send(conversationId, id, text),
      (conversationId, message) => this.takeMessage(conversationId, message),
    );
    this.attachments = new Attachments(
      (conversationId, id, file, caption, progress) => http.sendFile(conversationId, id, file, caption, progress),
      (conversationId, message) => this.takeMessage(conversationId, message),
      (conversationId, words) => this.writeAgain(conversationId, words),
    );
    this.typingSignal = new TypingSignal((id, on) => live.typing(id, on));
    this.actions = new Actions(this, http);
    this.promises = new Promises(http, (promise) => this.tellPromise(promise));
  }

  /** Goes to work: connects, shows what the address names, and keeps both up to date until `stop()`. */
  start(): void {
    this.followAddress();
    this.parts.live.listen(new News(this).events());
    this.parts.live.open();
  }

  stop(): void {
    this.stopTyping();
    this.search.clear();
    this.promises.stop();
    clearTimeout(this.again);
    this.parts.live.close();
    this.line.value = "connecting";
  }

  /** Signing out oneself: nothing typed may stay in the browser for whoever comes next. */
  forget(): void {
    this.stop();
    this.drafts.forget();
    this.outgoing.forget();
    this.attachments.forget();
  }

  isMine(summary: Summary | null): boolean {
    return isMine(summary ?? undefined, this.agentId);
  }

  go(change: Partial<Route>): void {
    this.parts.address.write(hashOf({ ...this.route.value, details: false, ...change }));
  }

  followAddress(): void {
    const route = routeOf(this.parts.address.read());
    const tabChanged = route.tab !== this.route.value.tab;
    this.route.value = route;
    if (tabChanged || this.lists.progress(route.tab).value.state === "idle") void this.lists.load(route.tab);
    void this.open(route.conversationId);
  }

  /** Claims a conversation from wherever it is seen: it is opened first, so that the agent sees what became of it. */
  async claim(id: string): Promise<void> {
    if (this.talk.value?.id !== id) {
      this.go({ conversationId: id });
      await this.open(id);
    }
    const current = this.current.value;
    if (current && mayClaim(current)) await this.actions.claim();
  }

  /** Lets an offer go to the next agent at once. One that is over already is gone from the page in any case. */
  async decline(id: string): Promise<void> {
    try {
      this.lists.apply(await this.parts.http.decline(id));
    } catch (error) {
      if (!(error instanceof DeskError)) throw error;
      this.say(error.message);
    }
  }

  /** Loads the open conversation afresh: its brief, notes and every message's state. */
  async refresh(talk: Talk): Promise<void> {
    try {
      const detail = await this.parts.http.detail(talk.id);
      this.lists.apply(detail.conversation);
      talk.take(detail);
      this.outgoing.settle(detail.messages);
    } catch (error) {
      if (!(error instanceof DeskError)) throw error;
      // What is already on screen stays on screen: a failed refresh only makes it older.
      if (talk.status.value === "ready") return;
      talk.status.value = error.status === 404 ? "missing" : "failed";
      talk.problem.value = error.message;
    }
  }

  /** Loads the page of messages before the first one on screen. */
  async loadEarlier(talk: Talk): Promise<void> {
    if (talk.firstSeq <= 1 || talk.earlier.value === "loading") return;
    talk.earlier.value = "loading";
    try {
      talk.merge(await this.parts.http.messagesBefore(talk.id, talk.firstSeq));
      talk.earlier.value = "idle";
    } catch (error) {
      if (!(error instanceof DeskError)) throw error;
      talk.earlier.value = "failed";
    }
  }

  send(conversationId: string, text: string): void {
    const words = text.trim();
    const withFiles = this.attachments.anyChosen(conversationId);
    if (!words && !withFiles) return;
    this.stopTyping();
    this.drafts.set(conversationId, "");
    if (withFiles) void this.attachments.send(conversationId, words);
    else void this.outgoing.send(conversationId, words);
  }

  /** Puts words that did not arrive in front of the draft, to be changed or sent once more. */
  writeAgain(conversationId: string, words: string): void {
    const draft = this.drafts.of(conversationId);
    this.drafts.set(conversationId, draft ? `${words}\n${draft}` : words);
  }

  typed(conversationId: string, text: string): void {
    this.drafts.set(conversationId, text);
    if (text) this.typingSignal.key(conversationId);
    else this.stopTyping();
  }

  stopTyping(): void {
    this.typingSignal.stop();
  }

  /** The agent has everything up to `seq` on screen. Only the one who answers is worth telling the customer about. */
  sawUpTo(seq: number): void {
    const current = this.current.value;
    if (!current || !this.isMine(current) || seq <= this.seenSent) return;
    this.seenSent = seq;
    this.parts.live.seen(current.id, seq);
    if (current.unread) this.lists.apply({ ...current, unread: 0 });
  }

  say(text: string): void {
    this.toast.value = text;
  }

  private tellPromise(promise: DeskPromise): void {
    const words = promiseAlarm(promise);
    this.say(words);
    this.parts.alerts.call("A promise to a customer", words, () => this.go({ conversationId: promise.conversation_id }));
  }

  private async open(id: string | null): Promise<void> {
    const before = this.talk.value;
    if (before?.id === id) return;
    if (before) this.parts.live.unwatch(before.id);
    this.stopTyping();
    this.seenSent = 0;
    const talk = id ? new Talk(id) : null;
    this.talk.value = talk;
    if (!talk) return;
    await this.refresh(talk);
    if (this.talk.value === talk) this.parts.live.watch(talk.id, talk.lastSeq);
  }

  // Between the line's return and this moment anything may have happened: ask for all of it, then send what waited.
  catchUp(): void {
    this.line.value = "live";
    this.promises.start();
    // The queue always: who is known to wait is not announced as new.
    for (const tab of new Set([this.route.value.tab, "queue"] as const)) void this.lists.load(tab);
    const talk = this.talk.value;
    if (talk) {
      this.parts.live.watch(talk.id, talk.lastSeq);
      void this.refresh(talk);
    }
    void this.outgoing.retryAll();
  }

  // Turned away: signed out (the session will say so), or a gateway that is stopping or starting.
  comeBack(): void {
    this.line.value = "reconnecting";
    clearTimeout(this.again);
    this.again = setTimeout(() => void this.tryAgain(), TRY_AGAIN_MS);
  }

  // The watch may not have been taken down: without it the talk would stand still.
  watchAgainSoon(): void {
    clearTimeout(this.again);
    this.again = setTimeout(() => {
      const talk = this.talk.value;
      if (talk) this.parts.live.watch(talk.id, talk.lastSeq);
    }, TRY_AGAIN_MS);
  }

  private async tryAgain(): Promise<void> {
    try {
      await this.parts.http.currentSession();
      this.parts.live.open();
    } catch (error) {
      if (!(error instanceof DeskError)) throw error;
      if (!error.signedOut) this.comeBack();
    }
  }

  refreshShortly(talk: Talk): void {
    clearTimeout(this.refreshSoon);
    this.refreshSoon = setTimeout(() => void this.refresh(talk), REFRESH_AFTER_MS);
  }

  takeMessage(conversationId: string, message: Message): void {
    this.outgoing.settle([message]);
    const talk = this.openTalk(conversationId);
    const missingAfter = talk?.merge([message]) ?? null;
    if (talk && missingAfter !== null) void this.fillGap(talk, missingAfter);
  }

  private async fillGap(talk: Talk, after: number): Promise<void> {
    try {
      talk.merge(await this.parts.http.messagesAfter(talk.id, after));
    } catch (error) {
      if (!(error instanceof DeskError)) throw error;
      this.refreshShortly(talk);
    }
  }

  openTalk(conversationId: string): Talk | null {
    const talk = this.talk.value;
    return talk?.id === conversationId ? talk : null;
  }
}
