import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Agent, Summary, Team } from "../../../shared/wire";
import { DeskError } from "../../api/errors";
import type { Colleagues, Recipient } from "../../api/http";
import { skillName } from "../../words/handoff";
import { answersCustomers, withMembers } from "../../words/people";
import { useDesk } from "../context";
import { FormDialog } from "./Dialog";
import { NoteField } from "./NoteField";

const QUEUE = "queue";
const TEAM = "team:";

/** Passes the conversation to another agent, to a team, or back: the last two to its place in the queue. */
export function TransferDialog({ summary, onClose }: { summary: Summary; onClose: () => void }): JSX.Element {
  const desk = useDesk();
  const known = useSignal<Colleagues | null>(null);
  const problem = useSignal("");
  const chosen = useSignal(QUEUE);
  const draft = `${summary.id}/transfer`;

  useEffect(() => {
    desk.parts.http.colleagues().then(
      ({ agents, teams }) =>
        (known.value = {
          agents: agents.filter((one) => answersCustomers(one) && one.id !== summary.agent?.id),
          teams: withMembers(teams),
        }),
      (error: unknown) => (problem.value = error instanceof DeskError ? error.message : String(error)),
    );
  }, [desk]);

  const transfer = async (): Promise<void> => {
    await desk.actions.transfer(recipient(chosen.value, known.value), desk.drafts.of(draft).trim());
    desk.drafts.set(draft, "");
  };

  return (
    <FormDialog title="Transfer" verb="Transfer" onClose={onClose} onSubmit={transfer}>
      <fieldset class="choices">
        <legend>To whom?</legend>
        <Choice name="The queue" fact="The next free agent takes it" value={QUEUE} chosen={chosen.value === QUEUE} onChoose={() => (chosen.value = QUEUE)} />
        {known.value?.teams.map((team) => (
          <Choice
            key={team.name}
            name={`${skillName(team.name)} team`}
            fact={teamFact(team)}
            away={team.present === 0}
            value={TEAM + team.name}
            chosen={chosen.value === TEAM + team.name}
            onChoose={() => (chosen.value = TEAM + team.name)}
          />
        ))}
        {known.value?.agents.map((agent) => (
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
        {!known.value && !problem.value && <p class="muted">Looking who is here…</p>}
        {problem.value && (
          <p class="notice bad" role="alert">
            The other agents couldn't be listed. {problem.value}
          </p>
        )}
      </fieldset>
      <NoteField draft={draft} label="Note" hint="For whoever takes it" />
    </FormDialog>
  );
}

function recipient(chosen: string, known: Colleagues | null): Recipient {
  if (chosen.startsWith(TEAM)) return { team: chosen.slice(TEAM.length) };
  const agent: Agent | undefined = known?.agents.find((one) => one.id === chosen);
  return agent ? { agent } : null;
}

function teamFact(team: Team): string {
  if (team.present) return `${team.present} of ${team.agents} online, at their place in the queue`;
  return "Nobody of them is online: another agent may be asked instead";
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
