import type { Message, Note } from "../../shared/wire";

/** A colleague's note that nobody has written to the customer since: what whoever opens the conversation reads first. */
export function freshNote(notes: Note[], messages: Message[], ownId: string): Note | null {
  const latest = notes.at(-1);
  if (!latest || latest.agent.id === ownId) return null;
  const isOld = messages.some((message) => message.author === "agent" && Date.parse(message.at) > Date.parse(latest.at));
  return isOld ? null : latest;
}
