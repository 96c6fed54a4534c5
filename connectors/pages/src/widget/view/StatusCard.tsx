import type { ComponentChildren, JSX } from "preact";
import type { ReplyEntry } from "../session/transcript";
import type { CardHandoff } from "../timeline";
import { useChat } from "./context";
import { AlertIcon, ClockIcon, DoneIcon, PersonIcon, TicketIcon } from "./icons";
import { Time } from "./Message";
import { RichText } from "./RichText";

interface CardProps {
  entry: ReplyEntry;
  handoff: CardHandoff;
  live: boolean;
}

/** Where a request for a person stands. The present state is a card with its figures, an earlier one a line. */
export function StatusCard({ entry, handoff, live }: CardProps): JSX.Element {
  const { session, language } = useChat();
  const present = session.handoff.value;
  const current = live && present?.state === handoff.state ? { ...handoff, ...present, state: handoff.state } : handoff;
  const waiting = handoff.state === "queued";
  if (waiting && (!live || session.holder.value !== "queue")) return <PastWait entry={entry} />;
  // The words were said with the first figures; once these have moved on, only the live ones are true.
  const outdated =
    waiting && (current.position !== handoff.position || `${current.eta_minutes}` !== `${handoff.eta_minutes}`);
  return (
    <li class={`card ${handoff.state}`}>
      <div class="card-head">
        <span class="card-icon">{icons[handoff.state]}</span>
        <p class="card-title">{language.texts.cards[title(handoff)]}</p>
        <Time at={entry.at} locale={language.locale} />
      </div>
      <Facts handoff={current} />
      {entry.text !== "" && !outdated && (
        <p class="card-text" dir="auto">
          <RichText text={entry.text} />
        </p>
      )}
      {outdated && <p class="card-text">{language.texts.cards.stay}</p>}
    </li>
  );
}

const icons: Record<CardHandoff["state"], JSX.Element> = {
  queued: <ClockIcon size={18} />,
  connected: <PersonIcon />,
  ticket: <TicketIcon />,
  failed: <AlertIcon size={18} />,
  ended: <DoneIcon />,
};

/** Nobody had come to somebody who leaves the queue, so no chat has ended. */
function title({ state, agent }: CardHandoff): CardHandoff["state"] | "left" {
  return state === "ended" && !agent ? "left" : state;
}

function PastWait({ entry }: { entry: ReplyEntry }): JSX.Element {
  const { texts, locale } = useChat().language;
  return (
    <li class="past">
      <span>{entry.text || texts.cards.queuedPast}</span> <Time at={entry.at} locale={locale} />
    </li>
  );
}

function Facts({ handoff }: { handoff: CardHandoff }): JSX.Element | null {
  const { texts, locale } = useChat().language;
  const { cards } = texts;
  const { state, position, eta_minutes: eta, ticket, promise } = handoff;
  const facts: ComponentChildren[] = [];
  if (state === "queued" && position)
    facts.push(<Fact name={cards.position} value={position === 1 ? cards.next : `${position}`} />);
  if (state === "queued" && eta) facts.push(<Fact name={cards.wait} value={cards.minutes(...eta)} />);
  if ((state === "queued" || state === "ticket") && ticket)
    facts.push(<Fact name={cards.ticketNumber} value={ticket} />);
  if (state === "ticket" && promise) facts.push(<Fact name={cards.promise} value={promisedTime(promise, locale)} />);
  return facts.length > 0 ? <dl class="facts">{facts}</dl> : null;
}

function Fact({ name, value }: { name: string; value: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** A promise is a time, or the desk's own words for one. */
function promisedTime(promise: string, locale: string): string {
  if (!/^\d{4}-\d{2}-\d{2}T/.test(promise)) return promise;
  const format = { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" } as const;
  return new Intl.DateTimeFormat(locale, format).format(new Date(promise));
}
