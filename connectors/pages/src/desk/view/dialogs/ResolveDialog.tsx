import type { JSX } from "preact";
import type { Summary } from "../../../shared/wire";
import { endsUnanswered } from "../../words/handoff";
import { customerName } from "../../words/people";
import { useDesk } from "../context";
import { FormDialog } from "./Dialog";
import { NoteField } from "./NoteField";

export function ResolveDialog({ summary, onClose }: { summary: Summary; onClose: () => void }): JSX.Element {
  const desk = useDesk();
  const draft = `${summary.id}/resolve`;
  const resolve = async (): Promise<void> => {
    await desk.actions.resolve(desk.drafts.of(draft).trim());
    desk.drafts.set(draft, "");
  };
  const isUnanswered = endsUnanswered(summary, desk.talk.value?.messages.value ?? []);
  return (
    <FormDialog title="Resolve" verb="Resolve" onClose={onClose} onSubmit={resolve}>
      <p>The case is closed. When {customerName(summary)} writes again, a new one begins with the bot.</p>
      {isUnanswered && <p>This is urgent, and nobody has answered {customerName(summary)} yet.</p>}
      <NoteField
        draft={draft}
        label={isUnanswered ? "Why does it end without an answer?" : "How did it end?"}
        hint={isUnanswered ? "For agents" : "For agents, may stay empty"}
      />
    </FormDialog>
  );
}
