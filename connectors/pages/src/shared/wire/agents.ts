/** The agents of the desk. */
import type { Role } from "./holders";

export interface Agent {
  id: string;
  email: string;
  name: string;
  role: Role;
  present: boolean;
  capacity: number;
  skills: string[];
  holding: number;
  /** Why the desk set this agent away; null when they went themselves. */
  away_reason: string | null;
}

export interface AgentSession {
  agent: Agent;
  csrf: string;
}

export interface Counts {
  queue: number;
  mine: number;
  /** What this agent has snoozed. */
  snoozed: number;
  agent: number;
  bot: number;
}

/** A skill that a conversation can be passed on to. */
export interface Team {
  name: string;
  agents: number;
  present: number;
}
