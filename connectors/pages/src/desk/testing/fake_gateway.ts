import type { Agent, ConversationDetail, Message, Summary } from "../../shared/wire";
import { DeskHttp } from "../api/http";
import type { Live, LiveEvents } from "../api/live";
import { ana, asHolder, detailOf } from "./people";

/** The gateway's side of the HTTP API and of the live line, small enough to see through. */
export class FakeGateway {
  readonly conversations = new Map<string, ConversationDetail>();
  readonly requests: string[] = [];
  readonly live = new FakeLive();
  readonly http = new DeskHttp((input, init) => this.answer(String(input), init));
  signedIn: Agent | null = ana;
  isDown = false;
  /** Whoever claims first, from somewhere else. */
  rival: Agent | null = null;

  add(summary: Summary, messages: Message[] = []): void {
    this.conversations.set(summary.id, detailOf(summary, messages));
  }

  summary(id: string): Summary {
    return this.detail(id).conversation;
  }

  change(id: string, change: Partial<Summary>): Summary {
    const detail = this.detail(id);
    detail.conversation = { ...detail.conversation, ...change };
    return detail.conversation;
  }

  private detail(id: string): ConversationDetail {
    const detail = this.conversations.get(id);
    if (!detail) throw new Error(`the test has no conversation ${id}`);
    return detail;
  }

  private async answer(url: string, init: RequestInit = {}): Promise<Response> {
    const method = init.method ?? "GET";
    this.requests.push(`${method} ${url}`);
    if (this.isDown) throw new TypeError("Failed to fetch");
    if (!this.signedIn) return reply(401, { error: "signed_out", detail: "Sign in." });
    const [path = "", query] = url.replace("/api", "").split("?");
    const [, noun, id, verb] = path.split("/");
    if (noun === "session") return method === "DELETE" ? new Response(null, { status: 204 }) : reply(200, { agent: ana, csrf: "token" });
    if (noun === "promises") return reply(200, { promises: [] });
    if (!id) return reply(200, this.list(new URLSearchParams(query).get("holder")));
    if (!this.conversations.has(id)) return reply(404, { error: "not_found", detail: "There is no such conversation." });
    const body = JSON.parse(String(init.body ?? "{}")) as Record<string, string>;
    return this.conversation(id, method === "GET" && verb ? "after" : (verb ?? "read"), body, query);
  }

  private conversation(id: string, verb: string, body: Record<string, string>, query?: string): Response {
    const detail = this.detail(id);
    if (verb === "after") {
      const asked = new URLSearchParams(query);
      const before = asked.get("before");
      if (before) return reply(200, { messages: detail.messages.filter((one) => one.seq < Number(before)).slice(-100) });
      const after = Number(asked.get("after"));
      return reply(200, { messages: detail.messages.filter((one) => one.seq > after) });
    }
    if (verb === "claim") return this.claim(id);
    if (verb === "decline") return this.decline(id);
    if (verb === "messages") return this.takeMessage(detail, body);
    if (verb === "handback") return reply(200, { conversation: this.change(id, { holder: "bot", agent: null, epoch: 9 }) });
    return reply(200, { ...detail, messages: detail.messages.slice(-500) });
  }

  private list(holder: string | null): object {
    const conversations = [...this.conversations.values()].map((one) => one.conversation).filter((one) => one.holder === holder);
    return { conversations, next_cursor: null, counts: { queue: conversations.length, mine: 0, snoozed: 0, agent: 0, bot: 0 } };
  }

  private claim(id: string): Response {
    const epoch = this.summary(id).epoch + 1;
    if (this.rival) {
      this.change(id, { holder: "agent", agent: asHolder(this.rival), epoch });
      return reply(409, { error: "conflict", detail: "Taken.", winner: this.rival.name, holder: "agent", epoch });
    }
    return reply(200, { conversation: this.change(id, { holder: "agent", agent: asHolder(ana), epoch }) });
  }

  private decline(id: string): Response {
    const ticket = this.summary(id).ticket!;
    if (ticket.offer?.agent.id !== ana.id) return reply(409, { error: "not_offered", detail: "It isn't offered to you any more." });
    return reply(200, { conversation: this.change(id, { ticket: { ...ticket, offer: null } }) });
  }

  private takeMessage(detail: ConversationDetail, body: Record<string, string>): Response {
    const known = detail.messages.find((one) => one.client_id === body.id);
    if (known) return reply(200, { message: known });
    const seq = detail.messages.length + 1;
    const taken: Message = { ...detail.messages[0]!, seq, author: "agent", name: ana.name, text: body.text!, state: "pending", client_id: body.id! };
    detail.messages.push(taken);
    return reply(201, { message: taken });
  }
}

/** A live line whose every event the test sends itself. */
export class FakeLive implements Live {
  events!: LiveEvents;
  readonly said: string[] = [];

  listen(events: LiveEvents): void {
    this.events = events;
  }

  open(): void {
    this.said.push("open");
  }

  close(): void {
    this.said.push("close");
  }

  watch(id: string, lastSeq: number): void {
    this.said.push(`watch ${id} ${lastSeq}`);
  }

  unwatch(id: string): void {
    this.said.push(`unwatch ${id}`);
  }

  typing(id: string, on: boolean): void {
    this.said.push(`typing ${id} ${on}`);
  }

  seen(id: string, seq: number): void {
    this.said.push(`seen ${id} ${seq}`);
  }
}

function reply(status: number, body: object): Response {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
}
