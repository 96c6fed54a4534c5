import type { JSX } from "preact";
import type { Summary } from "../../../shared/wire";
import { customerName } from "../../words/people";
import { useDesk } from "../context";
import { FormDialog } from "./Dialog";

const STARTS = ["I refunded ", "I arranged a replacement for ", "I changed the address to ", "I answered your question about "];
const LONGEST = 500;

/** Asks what was done: the bot goes on from there, and the customer hears it. */
export function HandbackDialog({ summary, onClose }: { summary: Summary; onClose: () => void }): JSX.Element {
  const desk = useDesk();
  const draft = `${summary.id}/handback`;
  const note = desk.drafts.of(draft);
  const write = (text: string): void => desk.drafts.set(draft, text);
  const handBack = async (): Promise<void> => {
    await desk.actions.handBack(note.trim());
    write("");
  };
  return (
    <FormDialog title="Hand back to the bot" verb="Hand back" ready={note.trim() !== ""} onClose={onClose} onSubmit={handBack}>
      <label class="field">
        <span>What was done?</span>
        <textarea
          id="handback-note"
          rows={3}
          required
          autofocus
          maxLength={LONGEST}
          value={note}
          placeholder="I refunded the wool throw; the money arrives by Friday."
          onInput={(event) => write(event.currentTarget.value)}
        />
      </label>
      {note.trim() === "" && (
        <p class="starts">
          {STARTS.map((start) => (
            <button
              key={start}
              class="button small"
              type="button"
              onClick={() => {
                write(start);
                document.getElementById("handback-note")?.focus();
              }}
            >
              {start.trim()} …
            </button>
          ))}
        </p>
      )}
      <p class="muted">{customerName(summary)} reads this, so write it to them. The bot goes on from there.</p>
      {note.trim() && (
        <figure class="preview">
          <figcaption>The bot quotes it in its next message</figcaption>
          <blockquote class="bubble words">“{note.trim()}”</blockquote>
        </figure>
      )}
    </FormDialog>
  );
}
