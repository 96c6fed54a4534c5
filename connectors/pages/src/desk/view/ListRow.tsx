import type { ReadonlySignal } from "@preact/signals";
import type { JSX } from "preact";
import { agoTime } from "../../shared/time";
import type { Summary } from "../../shared/wire";
import type { Tab } from "../state/lists";
import { hashOf } from "../state/route";
import { reasonName, skillName, urgencyOf } from "../words/handoff";
import { channelName, customerName } from "../words/people";
import { whenBack } from "../words/snooze";
import { clockOf, patienceOf, spokenDuration } from "../words/waiting";
import { Icon } from "./Icon";
import { useDesk } from "./context";
import { locale } from "./locale";

interface Props {
  summary: Summary;
  tab: Tab;
  /** Counted from the top of the list. */
  place: number;
  open: boolean;
  clock: ReadonlySignal<number>;
}

export function ListRow({ summary, tab, place, open, clock }: Props): JSX.Element {
  const desk = useDesk();
  const unread = open && desk.isMine(summary) ? 0 : summary.unread;
  return (
    <a
      class={`row ${unread ? "unread" : ""}`}
      href={hashOf({ tab, conversationId: summary.id, details: false })}
      aria-current={open ? "true" : undefined}
      data-id={summary.id}
    >
      <span class="row-head">
        {tab === "queue" && <span class="place">{summary.ticket?.position ?? place}</span>}
        <span class="row-name">{customerName(summary)}</span>
        {unread > 0 && (
          <span class="badge">
            {unread}
            <span class="sr-only"> unread</span>
          </span>
        )}
        {summary.holder === "queue" && summary.ticket ? (
          <Wait since={summary.ticket.queued_at} clock={clock} />
        ) : (
          <LastAt summary={summary} clock={clock} />
        )}
      </span>
      <span class="row-text">{lastWords(summary)}</span>
      <Facts summary={summary} tab={tab} />
      {summary.ticket?.promised_at && <PromiseLine at={summary.ticket.promised_at} clock={clock} />}
      {summary.snooze && <SnoozeLine snooze={summary.snooze} clock={clock} />}
      {summary.ticket?.lease_until && <LeaseLine until={summary.ticket.lease_until} mine={desk.isMine(summary)} clock={clock} />}
      {summary.ticket?.offer && <OfferLine offer={summary.ticket.offer} clock={clock} />}
    </a>
  );
}

function Facts({ summary, tab }: { summary: Summary; tab: Tab }): JSX.Element {
  const urgency = summary.ticket ? urgencyOf(summary.ticket.priority) : "ordinary";
  return (
    <span class="row-facts">
      <span class="fact" title={channelName(summary.channel)}>
        <Icon name={summary.channel} />
        <span class="sr-only">{channelName(summary.channel)}</span>
      </span>
      {urgency !== "ordinary" && <span class={`chip ${urgency}`}>{urgency === "urgent" ? "Urgent" : "Raised"}</span>}
      {summary.ticket && tab !== "closed" && <span class="fact">{reasonName(summary.ticket.reason)}</span>}
      {summary.ticket?.email && <span class="chip">By e-mail</span>}
      {tab === "queue" && summary.ticket?.skills.map((skill) => <span key={skill} class="chip skill">{skillName(skill)}</span>)}
      {tab === "agent" && summary.agent && <span class="fact end">{summary.agent.name}</span>}
    </span>
  );
}

const SOON_MS = 30 * 60_000;

/** An answer was promised by then: a reminder in the last half hour, an alarm after it. */
function PromiseLine({ at, clock }: { at: string; clock: ReadonlySignal<number> }): JSX.Element {
  const left = Date.parse(at) - clock.value;
  const state = left < 0 ? "broken" : left < SOON_MS ? "soon" : "";
  const when = new Intl.DateTimeFormat(locale, { weekday: "short", hour: "numeric", minute: "2-digit" }).format(new Date(at));
  return (
    <span class={`row-promise ${state}`}>
      {state === "broken" ? `Answer was promised by ${when}` : `Answer promised by ${when}`}
    </span>
  );
}

function SnoozeLine({ snooze, clock }: { snooze: NonNullable<Summary["snooze"]>; clock: ReadonlySignal<number> }): JSX.Element {
  return (
    <span class="row-snooze">
      <Icon name="clock" />
      <span>
        Back {whenBack(new Date(snooze.until), new Date(clock.value), locale)}
        {snooze.note && <span class="muted">: {snooze.note}</span>}
      </span>
    </span>
  );
}

/** Claimed and not answered yet: without a reply by then it goes back to the queue. */
function LeaseLine({ until, mine, clock }: { until: string; mine: boolean; clock: ReadonlySignal<number> }): JSX.Element {
  const left = Date.parse(until) - clock.value;
  return (
    <span class={`row-lease ${left < 60_000 ? "short" : ""}`}>
      <span aria-hidden="true">{mine ? "Reply within" : "No reply yet,"} {clockOf(left)}</span>
      <span class="sr-only">
        {mine ? "Reply within" : "No reply yet,"} {spokenDuration(left)} or it goes back to the queue
      </span>
    </span>
  );
}

type Offer = NonNullable<NonNullable<Summary["ticket"]>["offer"]>;

function OfferLine({ offer, clock }: { offer: Offer; clock: ReadonlySignal<number> }): JSX.Element {
  const desk = useDesk();
  const whom = offer.agent.id === desk.agentId ? "you" : offer.agent.name;
  return (
    <span class={`row-offer ${whom === "you" ? "mine" : ""}`}>
      Offered to {whom}
      <span aria-hidden="true">, {clockOf(Date.parse(offer.until) - clock.value)}</span>
    </span>
  );
}

function Wait({ since, clock }: { since: string; clock: ReadonlySignal<number> }): JSX.Element {
  const waited = clock.value - Date.parse(since);
  return (
    <span class={`wait ${patienceOf(waited)}`}>
      <span aria-hidden="true">{clockOf(waited)}</span>
      <span class="sr-only">waiting {spokenDuration(waited)}</span>
    </span>
  );
}

function LastAt({ summary, clock }: { summary: Summary; clock: ReadonlySignal<number> }): JSX.Element {
  return <span class="ago">{agoTime(summary.last_message?.at ?? summary.updated_at, new Date(clock.value), locale)}</span>;
}

function lastWords(summary: Summary): string {
  const last = summary.last_message;
  if (!last) return "No messages yet";
  if (last.author === "customer" || last.author === "system") return last.text;
  return `${last.author === "bot" ? "Bot" : (summary.agent?.name ?? "Agent")}: ${last.text}`;
}
