import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { Summary } from "../../../shared/wire";
import { inputTime } from "../../../shared/time";
import { customerName } from "../../words/people";
import { useDesk } from "../context";
import { FormDialog } from "./Dialog";

const LONGEST = 200;
const HOUR_MS = 3_600_000;

/** An agent promises something by a time; the customer reads it at once. */
export function PromiseDialog({ summary, onClose }: { summary: Summary; onClose: () => void }): JSX.Element {
  const desk = useDesk();
  const draft = `${summary.id}/promise`;
  const text = desk.drafts.of(draft);
  const due = useSignal(inputTime(new Date(Date.now() + 2 * HOUR_MS)));
  // Kept until it is made, so that trying again is the same promise.
  const id = useRef(crypto.randomUUID());
  const make = async (): Promise<void> => {
    await desk.promises.make(summary.id, id.current, text.trim(), new Date(due.value));
    desk.drafts.set(draft, "");
  };
  const ready = text.trim() !== "" && due.value !== "";
  return (
    <FormDialog title="Promise something" verb="Promise" ready={ready} onClose={onClose} onSubmit={make}>
      <label class="field">
        <span>You promise to …</span>
        <input
          required
          autofocus
          maxLength={LONGEST}
          value={text}
          placeholder="call you back"
          onInput={(event) => desk.drafts.set(draft, event.currentTarget.value)}
        />
      </label>
      <label class="field">
        <span>By (your time)</span>
        <input type="datetime-local" required value={due.value} onInput={(event) => (due.value = event.currentTarget.value)} />
      </label>
      <p class="muted">
        {customerName(summary)} is told at once, and it stays on the list of promises until somebody marks it as done.
      </p>
    </FormDialog>
  );
}
