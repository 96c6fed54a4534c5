import type { Agent, AgentSession, Calibration, ConversationDetail, ConversationPage, DeskPromise, Message, Missed, Note, Summary, Team, Ticket } from "../../shared/wire";
import { upload, type Progress, type Upload } from "../../shared/upload";
import { errorOf, offline } from "./errors";

/** Which conversations to list, and where the last page ended. */
export interface ListQuery {
  holder: "queue" | "agent" | "bot" | "closed";
  mine?: boolean;
  /** Only what is snoozed; without it, what is mine and not snoozed. */
  snoozed?: boolean;
  cursor?: string;
}

/** Whom a conversation can be passed on to. */
export interface Colleagues {
  agents: Agent[];
  teams: Team[];
}

/** Where a conversation goes: to an agent, to a team, or (null) back to the queue. */
export type Recipient = { agent: { id: string; name: string } } | { team: string } | null;

const DEADLINE_MS = 15_000;

/** The desk's HTTP API (docs/wire.md, "Desk: HTTP"). Every failure is a DeskError. */
export class DeskHttp {
  /** Called on every 401 other than wrong credentials. */
  onSignedOut: () => void = () => undefined;
  /** Milliseconds by which the gateway's clock is ahead of this computer's. */
  clockSkew = 0;
  private csrf = "";
  private agentId: string | null = null;

  constructor(
    private readonly fetcher: typeof fetch = (input, init) => fetch(input, init),
    private readonly uploader: Upload = upload,
  ) {}

  async signIn(email: string, password: string): Promise<Agent> {
    return this.keepSession(await this.call<AgentSession>("POST", "/session", { email, password }));
  }

  async currentSession(): Promise<Agent> {
    return this.keepSession(await this.call<AgentSession>("GET", "/session"));
  }

  async signOut(): Promise<void> {
    await this.call("DELETE", "/session");
  }

  async setPresence(present: boolean): Promise<Agent> {
    return (await this.call<{ agent: Agent }>("PUT", "/presence", { present })).agent;
  }

  colleagues(): Promise<Colleagues> {
    return this.call("GET", "/agents");
  }

  /** What ran out on the agent who is signed in, newest first. */
  async missed(): Promise<Missed[]> {
    return (await this.call<{ missed: Missed[] }>("GET", "/missed")).missed;
  }

  /** What agents made of the handoffs of the last 90 days. */
  async calibration(): Promise<Calibration> {
    return (await this.call<{ calibration: Calibration }>("GET", "/escalations/calibration?days=90")).calibration;
  }

  /** Every other session of the agent ends. */
  async changePassword(current: string, next: string): Promise<void> {
    await this.call("PUT", "/password", { current, new: next });
  }

  list(query: ListQuery): Promise<ConversationPage> {
    const params = new URLSearchParams({ holder: query.holder, limit: "50" });
    if (query.mine) params.set("mine", "1");
    if (query.snoozed) params.set("snoozed", "1");
    if (query.cursor) params.set("cursor", query.cursor);
    return this.call("GET", `/conversations?${params}`);
  }

  search(words: string): Promise<ConversationPage> {
    return this.call("GET", `/conversations?${new URLSearchParams({ q: words, limit: "50" })}`);
  }

  detail(id: string): Promise<ConversationDetail> {
    return this.call("GET", at(id));
  }

  async messagesAfter(id: string, seq: number): Promise<Message[]> {
    return (await this.call<{ messages: Message[] }>("GET", `${at(id)}/messages?after=${seq}`)).messages;
  }

  /** The page of messages that ends just before `seq`, oldest first; empty at the beginning. */
  async messagesBefore(id: string, seq: number): Promise<Message[]> {
    return (await this.call<{ messages: Message[] }>("GET", `${at(id)}/messages?before=${seq}`)).messages;
  }

  async claim(id: string, epoch: number): Promise<Summary> {
    return this.change(id, "claim", { epoch });
  }

  /** What is offered to this agent goes to the next. */
  async decline(id: string): Promise<Summary> {
    return (await this.call<{ conversation: Summary }>("POST", `${at(id)}/decline`)).conversation;
  }

  /** Supervisors only. */
  async takeOver(id: string, epoch: number): Promise<Summary> {
    return this.change(id, "takeover", { epoch });
  }

  async handBack(id: string, epoch: number, note: string): Promise<Summary> {
    return this.change(id, "handback", { epoch, note });
  }

  async resolve(id: string, epoch: number, note: string): Promise<Summary> {
    return this.change(id, "resolve", note ? { epoch, note } : { epoch });
  }

  async transfer(id: string, epoch: number, to: Recipient, note: string): Promise<Summary> {
    const whom = to === null ? {} : "team" in to ? { team: to.team } : { agent_id: to.agent.id };
    return this.change(id, "transfer", { epoch, ...whom, ...(note && { note }) });
  }

  /** `until` is ISO 8601. */
  async snooze(id: string, epoch: number, until: string, note: string): Promise<Summary> {
    return this.change(id, "snooze", { epoch, until, ...(note && { note }) });
  }

  async wake(id: string, epoch: number): Promise<Summary> {
    return this.change(id, "wake", { epoch });
  }

  /** The same `messageId` again is the same message: safe to repeat. */
  async send(id: string, messageId: string, text: string): Promise<Message> {
    return (await this.call<{ message: Message }>("POST", `${at(id)}/messages`, { id: messageId, text })).message;
  }

  /** The same `fileId` again is the same message: safe to repeat. */
  async sendFile(id: string, fileId: string, file: File, caption: string, progress: Progress): Promise<Message> {
    const form = new FormData();
    form.set("id", fileId);
    form.set("caption", caption);
    form.set("file", file);
    let response = await this.uploaded(`${at(id)}/files`, form, progress);
    if (response.status === 403 && (await this.renewToken())) response = await this.uploaded(`${at(id)}/files`, form, progress);
    return ((await this.checked(response).then((ok) => ok.json())) as { message: Message }).message;
  }

  async addNote(id: string, noteId: string, text: string): Promise<Note> {
    return (await this.call<{ note: Note }>("POST", `${at(id)}/notes`, { id: noteId, text })).note;
  }

  async setNeeded(id: string, needed: boolean): Promise<Ticket> {
    return (await this.call<{ ticket: Ticket }>("POST", `${at(id)}/needed`, { needed })).ticket;
  }

  /** Every promise that is not kept yet, the first due first. */
  async promises(): Promise<DeskPromise[]> {
    return (await this.call<{ promises: DeskPromise[] }>("GET", "/promises")).promises;
  }

  /** The same `promiseId` again is the same promise: safe to repeat. */
  async makePromise(id: string, promiseId: string, text: string, dueAt: string): Promise<void> {
    await this.call("POST", `${at(id)}/promises`, { id: promiseId, text, due_at: dueAt });
  }

  async settlePromise(promiseId: string, how: "kept" | "released"): Promise<void> {
    await this.call("POST", `/promises/${encodeURIComponent(promiseId)}/${how}`);
  }

  /** The customer was answered by e-mail, at the address they left. */
  async emailed(id: string, epoch: number): Promise<Summary> {
    return this.change(id, "emailed", { epoch });
  }

  private async change(id: string, verb: string, body: object): Promise<Summary> {
    return (await this.call<{ conversation: Summary }>("POST", `${at(id)}/${verb}`, body)).conversation;
  }

  private keepSession(session: AgentSession): Agent {
    this.csrf = session.csrf;
    this.agentId = session.agent.id;
    return session.agent;
  }

  private async call<T>(method: string, path: string, body?: object): Promise<T> {
    let response = await this.answer(method, path, body);
    this.readClock(response);
    if (response.status === 403 && method !== "GET" && (await this.renewToken())) response = await this.answer(method, path, body);
    await this.checked(response);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  private async checked(response: Response): Promise<Response> {
    if (response.ok) return response;
    const error = await errorOf(response);
    if (error.signedOut) this.onSignedOut();
    throw error;
  }

  private async uploaded(path: string, form: FormData, progress: Progress): Promise<Response> {
    try {
      return await this.uploader(`/api${path}`, form, { Accept: "application/json", "X-CSRF-Token": this.csrf }, progress);
    } catch {
      throw offline();
    }
  }

  /** Signing in again in another tab makes this tab's token stale. Returns whether there is a new one for the same agent. */
  private async renewToken(): Promise<boolean> {
    const response = await this.answer("GET", "/session");
    if (!response.ok) return false;
    const session = (await response.json()) as AgentSession;
    if (session.agent.id !== this.agentId) {
      this.onSignedOut();
      return false;
    }
    const isNew = session.csrf !== this.csrf;
    this.csrf = session.csrf;
    return isNew;
  }

  private async answer(method: string, path: string, body?: object): Promise<Response> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (body) headers["Content-Type"] = "application/json";
    if (method !== "GET") headers["X-CSRF-Token"] = this.csrf;
    try {
      return await this.fetcher(`/api${path}`, {
        method,
        headers,
        body: body && JSON.stringify(body),
        credentials: "same-origin",
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
    } catch {
      // fetch rejects for one reason a reader can act on: no answer came.
      throw offline();
    }
  }

  private readClock(response: Response): void {
    const stamp = Date.parse(response.headers.get("Date") ?? "");
    if (Number.isFinite(stamp)) this.clockSkew = stamp - Date.now();
  }
}

function at(id: string): string {
  return `/conversations/${encodeURIComponent(id)}`;
}
