import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { agoTime } from "../../shared/time";
import type { Note } from "../../shared/wire";
import { DeskError } from "../api/errors";
import { Section } from "./Section";
import { useApp, useDesk } from "./context";
import { locale } from "./locale";
import { submitWithEnter } from "./submitWithEnter";

/** Words between agents. Customers never see them. */
export function NotesSection({ notes, conversationId }: { notes: Note[]; conversationId: string }): JSX.Element {
  const { clock } = useApp();
  return (
    <Section title="Notes">
      {notes.map((note) => (
        <article class="note" key={note.id}>
          <p class="note-head">
            <strong>{note.agent.name}</strong>
            <span class="muted">{agoTime(note.at, new Date(clock.now.value), locale)}</span>
          </p>
          <p class="words">{note.text}</p>
        </article>
      ))}
      <NoteForm key={conversationId} conversationId={conversationId} />
    </Section>
  );
}

function NoteForm({ conversationId }: { conversationId: string }): JSX.Element {
  const desk = useDesk();
  const draft = `${conversationId}/note`;
  const text = desk.drafts.of(draft);
  const problem = useSignal("");
  const busy = useSignal(false);
  // Kept until the note is in, so that trying again is the same note.
  const id = useRef(crypto.randomUUID());

  const add = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy.value || !text.trim()) return;
    busy.value = true;
    problem.value = "";
    try {
      await desk.actions.addNote(id.current, text.trim());
      id.current = crypto.randomUUID();
      desk.drafts.set(draft, "");
    } catch (error) {
      if (!(error instanceof DeskError)) throw error;
      problem.value = error.message;
    } finally {
      busy.value = false;
    }
  };

  return (
    <form class="note-form" onSubmit={(event) => void add(event)} onKeyDown={submitWithEnter}>
      <label class="sr-only" for="note">
        Add a note for other agents
      </label>
      <textarea
        id="note"
        rows={2}
        maxLength={4000}
        placeholder="Add a note. Only agents see it"
        value={text}
        onInput={(event) => desk.drafts.set(draft, event.currentTarget.value)}
      />
      {problem.value && (
        <p class="problem" role="alert">
          {problem.value}
        </p>
      )}
      {text.trim() && (
        <div class="note-foot">
          <button class="button small" type="submit" disabled={busy.value}>
            Add note
          </button>
          <span class="reply-hint">
            <kbd>Enter</kbd> adds it, <kbd>Shift</kbd>+<kbd>Enter</kbd> starts a new line
          </span>
        </div>
      )}
    </form>
  );
}
