import type { JSX } from "preact";
import { useDesk } from "../context";

interface Props {
  /** The draft it is kept under: what is typed outlives the dialog. */
  draft: string;
  label: string;
  /** Whom it is for, after the label. */
  hint: string;
}

/** A few words for colleagues. */
export function NoteField({ draft, label, hint }: Props): JSX.Element {
  const { drafts } = useDesk();
  return (
    <label class="field">
      <span>
        {label} <span class="muted">{hint}</span>
      </span>
      <textarea rows={2} maxLength={1000} value={drafts.of(draft)} onInput={(event) => drafts.set(draft, event.currentTarget.value)} />
    </label>
  );
}
