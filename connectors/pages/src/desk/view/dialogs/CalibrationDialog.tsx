import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Calibration, Tally } from "../../../shared/wire";
import { DeskError } from "../../api/errors";
import { bandName, offersLine, verdictOf } from "../../words/calibration";
import { reasonName } from "../../words/handoff";
import { useDesk } from "../context";
import { Dialog } from "./Dialog";

/** What agents made of the handoffs of the last 90 days, by reason and by score: what the bot's thresholds are judged by. */
export function CalibrationDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const desk = useDesk();
  const found = useSignal<Calibration | null>(null);
  const problem = useSignal("");
  useEffect(() => {
    desk.parts.http.calibration().then(
      (calibration) => (found.value = calibration),
      (error: unknown) => (problem.value = error instanceof DeskError ? error.message : String(error)),
    );
  }, [desk]);
  return (
    <Dialog title="Was a person needed?" onClose={onClose}>
      {problem.value && (
        <p class="notice bad" role="alert">
          {problem.value}
        </p>
      )}
      {!found.value && !problem.value && <p class="muted">Looking…</p>}
      {found.value && (
        <>
          <Found calibration={found.value} />
          <p class="muted">
            Not counted are handoffs that nobody decided on: an agent stepped in, a fix did not work, or the bot was unavailable.
          </p>
        </>
      )}
    </Dialog>
  );
}

function Found({ calibration }: { calibration: Calibration }): JSX.Element {
  if (calibration.all.decided === 0) {
    return <p class="muted">No handoffs in the last 90 days, so there is nothing to judge yet.</p>;
  }
  return (
    <>
      <p>
        {calibration.all.decided} handoffs in the last 90 days, {verdictOf(calibration.all)}. {offersLine(calibration)}
      </p>
      <Tallies title="By reason" first="Reason" rows={calibration.reasons.map((row) => [reasonName(row.reason), row])} />
      <Tallies title="By score" first="Points" rows={calibration.scores.map((row) => [bandName(row), row])} />
      <p class="muted">
        An ask heard before the bot has no score. Press Needed or Not needed on a conversation to judge it; docs/escalation.md says how the points come about.
      </p>
    </>
  );
}

function Tallies({ title, first, rows }: { title: string; first: string; rows: [string, Tally][] }): JSX.Element {
  return (
    <table class="tallies">
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">{first}</th>
          <th scope="col">Handoffs</th>
          <th scope="col">Needed</th>
          <th scope="col">Not needed</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, tally]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{tally.decided}</td>
            <td>{tally.needed}</td>
            <td>{tally.not_needed}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
