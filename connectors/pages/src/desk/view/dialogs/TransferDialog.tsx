import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Agent, Summary } from "../../../shared/wire";
import { DeskError } from "../../api/errors";
import { answersCustomers } from "../../words/people";
import { useDesk } from "../context";
import { FormDialog } from "./Dialog";

const QUEUE = "queue";

/** Passes the conversation to another agent, or back to its place in the queue. */
export function TransferDialog({ summary, onClose }: { summary: Summary; onClose: () => void }): JSX.Element {
  const desk = useDesk();
  const agents = useSignal<Agent[] | null>(null);
  const problem = useSignal("");
  const chosen = useSignal(QUEUE);
  const draft = `${summary.id}/transfer`;

  useEffect(() => {
    desk.parts.http.agents().then(
      (all) => (agents.value = all.filter((one) => answersCustomers(one) && one.id !== summary.agent?.id)),
      (error: unknown) => (problem.value = error instanceof DeskError ? error.message : String(error)),
    );
  }, [desk]);

  const transfer = async (): Promise<void> => {
    const to = agents.value?.find((one) => one.id === chosen.value) ?? null;
    await desk.actions.transfer(to, desk.drafts.of(draft).trim());
    desk.drafts.set(draft, "");
  };

  return (
    <FormDialog title="Transfer" verb="Transfer" onClose={onClose} onSubmit={transfer}>
      <fieldset class="choices">
        <legend>To whom?</legend>
        <Choice name="The queue" fact="The next free agent takes it" value={QUEUE} chosen={chosen.value === QUEUE} onChoose={() => (chosen.value = QUEUE)} />
        {agents.value?.map((agent) => (
          <Choice
            key={agent.id}
            name={agent.name}
            fact={`${agent.present ? "Online" : "Away"}, ${agent.holding} of ${agent.capacity} conversations`}
            away={!agent.present}
            value={agent.id}
            chosen={chosen.value === agent.id}
            onChoose={() => (chosen.value = agent.id)}
          />
        ))}
        {!agents.value && !problem.value && <p class="muted">Looking who is here…</p>}
        {problem.value && (
          <p class="notice bad" role="alert">
            The other agents couldn't be listed. {problem.value}
          </p>
        )}
      </fieldset>
      <label class="field">
        <span>
          Note <span class="muted">For whoever takes it</span>
        </span>
        <textarea
          rows={2}
          maxLength={4000}
          value={desk.drafts.of(draft)}
          onInput={(event) => desk.drafts.set(draft, event.currentTarget.value)}
        />
      </label>
    </FormDialog>
  );
}

interface ChoiceProps {
  name: string;
  fact: string;
  away?: boolean;
  value: string;
  chosen: boolean;
  onChoose: () => void;
}

function Choice({ name, fact, away, value, chosen, onChoose }: ChoiceProps): JSX.Element {
  return (
    <label class={`choice ${away ? "away" : ""}`}>
      <input type="radio" name="transfer-to" value={value} checked={chosen} onChange={onChoose} />
      <span>
        <strong>{name}</strong>
        <span class="muted">{fact}</span>
      </span>
    </label>
  );
}
