import type { Agent, Channel, Role, Summary, Team } from "../../shared/wire";

const CHANNELS: Record<Channel, string> = { web: "Web chat", telegram: "Telegram", slack: "Slack", rest: "REST" };
const ROLES: Record<Role, string> = { agent: "Agent", supervisor: "Supervisor", author: "Author", admin: "Admin" };

/** The customer's name, or words that stand for it. */
export function customerName(summary: Pick<Summary, "customer" | "channel">): string {
  return summary.customer.name || `A customer on ${summary.channel === "web" ? "the web" : CHANNELS[summary.channel]}`;
}

export function channelName(channel: Channel): string {
  return CHANNELS[channel];
}

export function roleName(role: Role): string {
  return ROLES[role];
}

/** At most two letters for an avatar. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters.map((word) => [...(word ?? "")][0] ?? "").join("").toLocaleUpperCase() || "?";
}

/** Supervisors and admins may take a colleague's conversation. */
export function takesOver(agent: Pick<Agent, "role">): boolean {
  return agent.role === "supervisor" || agent.role === "admin";
}

/** Authors look after the bot's words and answer no customers. */
export function answersCustomers(agent: Pick<Agent, "role">): boolean {
  return agent.role !== "author";
}

/** The teams somebody is in: what is passed on to another would wait for nobody in particular. */
export function withMembers(teams: Team[]): Team[] {
  return teams.filter((team) => team.agents > 0);
}
