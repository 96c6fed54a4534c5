import { signal } from "@preact/signals";
import type { Agent } from "../../shared/wire";
import { DeskError } from "../api/errors";
import type { DeskHttp } from "../api/http";

/** Who is signed in. `unreachable`: nobody can tell yet, because the gateway does not answer. */
export class Session {
  readonly status = signal<"checking" | "unreachable" | "out" | "in">("checking");
  readonly agent = signal<Agent | null>(null);
  /** Why the sign-in page is in front; empty on a first visit and after signing out oneself. */
  readonly reason = signal("");

  constructor(private readonly http: DeskHttp) {
    http.onSignedOut = () => this.ended("Your session has ended. Sign in to carry on: what you typed is still here.");
  }

  /** Picks up the session that the browser's cookie belongs to, if there is one. */
  async resume(): Promise<void> {
    try {
      this.began(await this.http.currentSession());
    } catch (error) {
      if (!(error instanceof DeskError)) throw error;
      this.status.value = error.signedOut ? "out" : "unreachable";
      this.reason.value = error.signedOut ? "" : error.message;
    }
  }

  /** Throws a DeskError with words for the reader: wrong credentials, locked, offline. */
  async signIn(email: string, password: string): Promise<void> {
    this.began(await this.http.signIn(email, password));
  }

  /** Throws when the gateway could not be told: the cookie would still be good. */
  async signOut(): Promise<void> {
    await this.http.signOut();
    this.status.value = "out";
    this.agent.value = null;
    this.reason.value = "";
  }

  ended(reason: string): void {
    if (this.status.value !== "in") return;
    this.status.value = "out";
    this.reason.value = reason;
  }

  async setPresence(present: boolean): Promise<void> {
    this.agent.value = await this.http.setPresence(present);
  }

  private began(agent: Agent): void {
    this.agent.value = agent;
    this.status.value = "in";
    this.reason.value = "";
  }
}
