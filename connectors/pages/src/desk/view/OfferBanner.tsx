import type { JSX } from "preact";
import type { Summary } from "../../shared/wire";
import { reasonName } from "../words/handoff";
import { customerName } from "../words/people";
import { clockOf, spokenDuration } from "../words/waiting";
import { useApp, useDesk } from "./context";

/** The customer this agent is asked to take, above everything else on the page until it is decided. */
export function OfferBanner(): JSX.Element {
  const desk = useDesk();
  const [first, ...others] = desk.lists.offeredToMe();
  return (
    <div role="alert" aria-atomic="false" class="offer-place">
      {first && <Offer key={first.id} summary={first} others={others.length} />}
    </div>
  );
}

function Offer({ summary, others }: { summary: Summary; others: number }): JSX.Element {
  const { clock } = useApp();
  const desk = useDesk();
  const ticket = summary.ticket;
  const left = Date.parse(ticket?.offer?.until ?? "") - clock.now.value;
  return (
    <div class="offer">
      <p>
        <strong>{customerName(summary)}</strong> is offered to you
        {ticket && `: ${reasonName(ticket.reason).toLocaleLowerCase()}`}
        {others > 0 && <span class="muted"> and {others} more</span>}
      </p>
      <span class="offer-clock" title="Then the next agent is asked">
        <span aria-hidden="true">{clockOf(left)}</span>
        <span class="sr-only">{spokenDuration(left)} left</span>
      </span>
      <button class="button" type="button" onClick={() => desk.go({ tab: "queue", conversationId: summary.id })}>
        Look
      </button>
      <button class="button" type="button" onClick={() => void desk.decline(summary.id)}>
        Decline
      </button>
      <button class="button primary" type="button" onClick={() => void desk.claim(summary.id)}>
        Claim
      </button>
    </div>
  );
}
