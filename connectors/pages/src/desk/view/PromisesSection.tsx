import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Summary } from "../../shared/wire";
import { PromiseRow } from "./PromiseRow";
import { Section } from "./Section";
import { useDesk } from "./context";
import { PromiseDialog } from "./dialogs/PromiseDialog";

/** What this customer was promised, and the way to promise more. */
export function PromisesSection({ summary }: { summary: Summary }): JSX.Element | null {
  const desk = useDesk();
  const promising = useSignal(false);
  const open = desk.promises.of(summary.id);
  const mine = desk.isMine(summary);
  if (open.length === 0 && !mine) return null;
  return (
    <Section title="Promises">
      {open.length > 0 && (
        <ul class="promises">
          {open.map((promise) => (
            <PromiseRow key={promise.id} promise={promise} />
          ))}
        </ul>
      )}
      {mine && (
        <p>
          <button class="button small" type="button" onClick={() => (promising.value = true)}>
            Promise something
          </button>
        </p>
      )}
      {promising.value && <PromiseDialog summary={summary} onClose={() => (promising.value = false)} />}
    </Section>
  );
}
