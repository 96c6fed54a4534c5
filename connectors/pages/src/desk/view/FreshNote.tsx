import type { JSX } from "preact";
import type { Talk } from "../state/talk";
import { freshNote } from "../words/notes";
import { useDesk } from "./context";

/** Where the details are a page of their own, a colleague's note would be read too late there. */
export function FreshNote({ talk }: { talk: Talk }): JSX.Element | null {
  const desk = useDesk();
  const note = freshNote(talk.detail.value?.notes ?? [], talk.messages.value, desk.agentId);
  if (!note) return null;
  return (
    <button class="fresh-note" type="button" onClick={() => desk.go({ details: true })}>
      <span class="fresh-note-from">Note from {note.agent.name}</span>
      <span class="words">{note.text}</span>
    </button>
  );
}
