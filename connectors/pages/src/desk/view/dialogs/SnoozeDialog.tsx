import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Summary } from "../../../shared/wire";
import { customerName } from "../../words/people";
import { fieldValue, momentOf, presets, whenBack, zoneName } from "../../words/snooze";
import { useApp, useDesk } from "../context";
import { locale } from "../locale";
import { FormDialog } from "./Dialog";
import { NoteField } from "./NoteField";

const OWN = "own";

/** Sets the conversation aside until a time. */
export function SnoozeDialog({ summary, onClose }: { summary: Summary; onClose: () => void }): JSX.Element {
  const desk = useDesk();
  const { clock } = useApp();
  const opened = useSignal(new Date(clock.now.peek())).value;
  const offered = presets(opened);
  const chosen = useSignal(offered[0]?.name ?? OWN);
  const own = useSignal(fieldValue(offered[2]?.until ?? opened));
  const draft = `${summary.id}/snooze`;
  const until = chosen.value === OWN ? momentOf(own.value) : (offered.find((one) => one.name === chosen.value)?.until ?? null);

  const snooze = async (): Promise<void> => {
    if (!until) return;
    await desk.actions.snooze(until, desk.drafts.of(draft).trim(), whenBack(until, new Date(), locale));
    desk.drafts.set(draft, "");
  };

  return (
    <FormDialog title="Snooze" verb="Snooze" ready={until !== null} onClose={onClose} onSubmit={snooze}>
      <p>It stays yours and leaves your list until then. If {customerName(summary)} writes, it is back at once.</p>
      <fieldset class="choices">
        <legend>
          Until when? <span class="muted">{zoneName()}</span>
        </legend>
        {offered.map((preset) => (
          <label class="choice" key={preset.name}>
            <input type="radio" name="snooze" checked={chosen.value === preset.name} onChange={() => (chosen.value = preset.name)} />
            <span>
              <strong>{preset.name}</strong>
              <span class="muted">{whenBack(preset.until, opened, locale)}</span>
            </span>
          </label>
        ))}
        <label class="choice">
          <input type="radio" name="snooze" checked={chosen.value === OWN} onChange={() => (chosen.value = OWN)} />
          <strong>Another time</strong>
        </label>
        {chosen.value === OWN && (
          <label class="field">
            <span class="sr-only">Day and time</span>
            <input type="datetime-local" required min={fieldValue(opened)} value={own.value} onInput={(event) => (own.value = event.currentTarget.value)} />
          </label>
        )}
      </fieldset>
      <NoteField draft={draft} label="Note" hint="For agents, may stay empty" />
    </FormDialog>
  );
}
