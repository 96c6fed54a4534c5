import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Summary } from "../../shared/wire";
import type { Talk } from "../state/talk";
import { holderName } from "../words/handoff";
import { channelName, customerName } from "../words/people";
import { whenBack } from "../words/snooze";
import { clockOf, spokenDuration } from "../words/waiting";
import { Icon } from "./Icon";
import { useApp, useDesk } from "./context";
import { HandbackDialog } from "./dialogs/HandbackDialog";
import { ResolveDialog } from "./dialogs/ResolveDialog";
import { SnoozeDialog } from "./dialogs/SnoozeDialog";
import { TransferDialog } from "./dialogs/TransferDialog";
import { locale } from "./locale";

/** Who this is, who holds it, and what the agent can do with it. */
export function ConversationHead({ talk }: { talk: Talk }): JSX.Element | null {
  const desk = useDesk();
  const current = desk.current.value;
  if (!current) return null;
  const number = talk.detail.value?.ticket?.number;
  return (
    <header class="talk-head">
      <button class="button ghost icon-only back" type="button" aria-label="Back to the list" onClick={() => desk.go({ conversationId: null })}>
        <Icon name="back" />
      </button>
      <div class="talk-who">
        <h2>{customerName(current)}</h2>
        <p class="talk-facts">
          <Holder summary={current} />
          <span>{channelName(current.channel)}</span>
          {number && <span class="mono">{number}</span>}
          <LeaseClock summary={current} />
          <Snoozed summary={current} />
        </p>
      </div>
      <HeadActions summary={current} />
      <button class="button ghost icon-only open-details" type="button" aria-label="Details" onClick={() => desk.go({ details: true })}>
        <Icon name="details" />
      </button>
    </header>
  );
}

function Holder({ summary }: { summary: Summary }): JSX.Element {
  const desk = useDesk();
  const mine = desk.isMine(summary);
  const words = mine ? "Yours" : summary.holder === "agent" && summary.agent ? `With ${summary.agent.name}` : holderName(summary.holder);
  return <span class={`chip holder ${mine ? "mine" : summary.holder}`}>{words}</span>;
}

/** A claimed ticket without a reply goes back to the queue when its lease ends. */
function LeaseClock({ summary }: { summary: Summary }): JSX.Element | null {
  const { clock } = useApp();
  const desk = useDesk();
  const until = summary.ticket?.lease_until;
  if (!until || !desk.isMine(summary)) return null;
  const left = Date.parse(until) - clock.now.value;
  return (
    <span class={`lease ${left < 60_000 ? "short" : ""}`} title="Without a reply by then it goes back to the queue">
      <Icon name="clock" />
      <span aria-hidden="true">Reply within {clockOf(left)}</span>
      <span class="sr-only">Reply within {spokenDuration(left)} or it goes back to the queue</span>
    </span>
  );
}

/** Whoever reads along sees it as well: why nobody answers right now. */
function Snoozed({ summary }: { summary: Summary }): JSX.Element | null {
  const { clock } = useApp();
  if (!summary.snooze) return null;
  const back = whenBack(new Date(summary.snooze.until), new Date(clock.now.value), locale);
  return (
    <span class="snoozed">
      <Icon name="clock" />
      Snoozed, back {back}
    </span>
  );
}

type Asking = "snooze" | "handback" | "transfer" | "resolve" | null;

function HeadActions({ summary }: { summary: Summary }): JSX.Element | null {
  const desk = useDesk();
  const asking = useSignal<Asking>(null);
  const close = (): void => void (asking.value = null);
  if (!desk.isMine(summary)) return null;
  return (
    <div class="talk-actions">
      {summary.snooze && (
        <button class="button primary" type="button" onClick={() => void desk.actions.wake()}>
          Take it up now
        </button>
      )}
      <button class="button" type="button" onClick={() => (asking.value = "snooze")}>
        <Icon name="clock" />
        {summary.snooze ? "Change" : "Snooze"}
        {summary.snooze && <span class="sr-only"> when it comes back</span>}
      </button>
      <button class="button" type="button" onClick={() => (asking.value = "transfer")}>
        <Icon name="swap" />
        Transfer
      </button>
      <button class="button" type="button" onClick={() => (asking.value = "handback")}>
        <Icon name="bot" />
        Hand back
      </button>
      <button class="button" type="button" onClick={() => (asking.value = "resolve")}>
        <Icon name="check" />
        Resolve
      </button>
      {asking.value === "snooze" && <SnoozeDialog summary={summary} onClose={close} />}
      {asking.value === "handback" && <HandbackDialog summary={summary} onClose={close} />}
      {asking.value === "transfer" && <TransferDialog summary={summary} onClose={close} />}
      {asking.value === "resolve" && <ResolveDialog summary={summary} onClose={close} />}
    </div>
  );
}
