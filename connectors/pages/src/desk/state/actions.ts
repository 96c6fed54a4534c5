import type { Summary } from "../../shared/wire";
import { DeskError } from "../api/errors";
import type { DeskHttp, Recipient } from "../api/http";
import { customerName } from "../words/people";
import type { Desk } from "./desk";
import { lostRace } from "./ownership";

/**
 * What an agent does to the open conversation. Each is conditional on the epoch on screen: when somebody was faster,
 * nothing is changed and the newest state is fetched. All but `claim` and `takeOver` throw the DeskError, for the dialog that asked.
 */
export class Actions {
  private readonly acting = new Set<string>();

  constructor(
    private readonly desk: Desk,
    private readonly http: DeskHttp,
  ) {}

  /** The agent's own act is under way: its events are no surprise. */
  isActingOn(conversationId: string): boolean {
    return this.acting.has(conversationId);
  }

  /** Returns whether the conversation is now this agent's; if not, the talk's notice says why. */
  claim(): Promise<boolean> {
    return this.take((current) => this.http.claim(current.id, current.epoch));
  }

  /** A supervisor's way to a colleague's conversation; otherwise like `claim`. */
  takeOver(): Promise<boolean> {
    return this.take((current) => this.http.takeOver(current.id, current.epoch));
  }

  /** `note` says what was done; the bot tells the customer. */
  async handBack(note: string): Promise<void> {
    const current = this.open();
    await this.change(current, () => this.http.handBack(current.id, current.epoch, note));
    this.desk.say(`${customerName(current)} is with the bot again.`);
  }

  async resolve(note: string): Promise<void> {
    const current = this.open();
    await this.change(current, () => this.http.resolve(current.id, current.epoch, note));
    this.desk.say(`The conversation with ${customerName(current)} is resolved.`);
  }

  /** The agent has written to the address that the customer left. */
  async emailed(): Promise<void> {
    const current = this.open();
    await this.change(current, () => this.http.emailed(current.id, current.epoch));
  }

  async transfer(to: Recipient, note: string): Promise<void> {
    const current = this.open();
    await this.change(current, () => this.http.transfer(current.id, current.epoch, to, note));
    this.desk.say(`${customerName(current)} is ${whereTo(to)}.`);
  }

  /** `when` says the time as the agent reads it. */
  async snooze(until: Date, note: string, when: string): Promise<void> {
    const current = this.open();
    await this.change(current, () => this.http.snooze(current.id, current.epoch, until.toISOString(), note));
    this.desk.say(`${customerName(current)} is back with you ${when}, or as soon as they write.`);
  }

  /** Takes up again what is snoozed. What went wrong is said in the talk's notice. */
  async wake(): Promise<void> {
    await this.take((current) => this.http.wake(current.id, current.epoch));
  }

  async addNote(noteId: string, text: string): Promise<void> {
    const current = this.open();
    const note = await this.http.addNote(current.id, noteId, text);
    if (this.desk.talk.value?.id === current.id) this.desk.talk.value.addNote(note);
  }

  async setNeeded(needed: boolean): Promise<void> {
    const current = this.open();
    const ticket = await this.http.setNeeded(current.id, needed);
    if (this.desk.talk.value?.id === current.id) this.desk.talk.value.takeTicket(ticket);
  }

  private async take(request: (current: Summary) => Promise<Summary>): Promise<boolean> {
    const current = this.desk.current.value;
    const talk = this.desk.talk.value;
    if (!current || !talk || this.isActingOn(current.id)) return false;
    talk.notice.value = null;
    try {
      await this.change(current, () => request(current));
    } catch (error) {
      if (!(error instanceof DeskError)) throw error;
      talk.notice.value = error.conflict ? lostRace(error.body.winner) : { kind: "failed", text: error.message };
      return false;
    }
    this.desk.go({ tab: "mine", conversationId: current.id });
    return true;
  }

  private open(): Summary {
    const current = this.desk.current.value;
    if (!current) throw new DeskError(404, "not_found", "No conversation is open.");
    return current;
  }

  private async change(current: Summary, request: () => Promise<Summary>): Promise<void> {
    this.acting.add(current.id);
    try {
      this.desk.lists.apply(await request());
      if (this.desk.talk.value?.id === current.id) this.desk.talk.value.notice.value = null;
      await this.refreshOpen(current.id);
    } catch (error) {
      if (error instanceof DeskError && error.conflict) await this.refreshOpen(current.id);
      throw error;
    } finally {
      this.acting.delete(current.id);
    }
  }

  private async refreshOpen(conversationId: string): Promise<void> {
    const talk = this.desk.talk.value;
    if (talk?.id === conversationId) await this.desk.refresh(talk);
  }
}

function whereTo(to: Recipient): string {
  if (to === null) return "back in the queue";
  return "team" in to ? `in the queue for the ${to.team} team` : `now with ${to.agent.name}`;
}
