import { useComputed, useSignal } from "@preact/signals";
import type { JSX, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { dayName } from "../../shared/time";
import type { Message } from "../../shared/wire";
import type { Talk } from "../state/talk";
import { handoffLine } from "../words/handoff";
import { customerName } from "../words/people";
import { deliveriesOf, rowsOf, type Delivery, type Row } from "../words/transcript";
import { Icon } from "./Icon";
import { DeliveryState, MessageRow } from "./MessageRow";
import { OutgoingRows } from "./OutgoingRow";
import { Time } from "./Time";
import { useApp, useDesk } from "./context";
import { locale } from "./locale";

const NEAR_END_PX = 80;
const NEAR_BEGINNING_PX = 300;

/** Everything that was said, oldest first. It follows the talk while its end is in view, and stays put while the reader is further up. */
export function Transcript({ talk }: { talk: Talk }): JSX.Element {
  const desk = useDesk();
  const box = useRef<HTMLDivElement>(null);
  const lines = useRef<HTMLDivElement>(null);
  const atEnd = useSignal(true);
  const rows = useComputed(() => rowsOf(talk.messages.value)).value;
  const deliveries = useComputed(() => deliveriesOf(talk.messages.value, talk.seenSeq.value)).value;
  const outgoing = useComputed(() => desk.outgoing.items.value.filter((item) => item.conversationId === talk.id)).value;
  const last = talk.messages.value.at(-1)?.seq ?? 0;
  const mine = desk.isMine(desk.current.value);

  const toEnd = (): void => box.current?.scrollTo({ top: box.current.scrollHeight });
  const scrolled = (): void => {
    const view = box.current;
    if (!view) return;
    atEnd.value = view.scrollHeight - view.scrollTop - view.clientHeight < NEAR_END_PX;
    // A page that could not be loaded is not asked for again by every scroll: there is a button.
    if (!atEnd.value && view.scrollTop < NEAR_BEGINNING_PX && talk.earlier.value === "idle") void desk.loadEarlier(talk);
  };

  useLayoutEffect(() => {
    // New lines add height, a notice or a growing reply takes some away from below: who was at the end stays there.
    const keeper = new ResizeObserver(() => atEnd.peek() && toEnd());
    for (const element of [box.current, lines.current]) if (element) keeper.observe(element);
    return () => keeper.disconnect();
  }, []);
  useStayWhileGrowing(box, talk.firstSeq);
  useSeen(atEnd.value && mine, last);

  const name = desk.current.value ? customerName(desk.current.value) : "the customer";
  return (
    <div class="transcript-place">
      <div class="transcript" ref={box} onScroll={scrolled} role="log" aria-label={`Conversation with ${name}`} tabIndex={0}>
        <div ref={lines}>
          <Earlier talk={talk} />
          {rows.map((row) => (
            <TranscriptRow key={row.key} row={row} deliveries={deliveries} />
          ))}
          <OutgoingRows items={outgoing} conversationId={talk.id} />
          <Typing talk={talk} name={name} />
        </div>
      </div>
      {!atEnd.value && (
        <button class="button to-end" type="button" onClick={toEnd}>
          <Icon name="down" />
          Newest
        </button>
      )}
    </div>
  );
}

/** What is loaded above must not push down what is being read. */
function useStayWhileGrowing(box: RefObject<HTMLElement | null>, firstSeq: number): void {
  const before = useRef<{ firstSeq: number; height: number } | null>(null);
  useLayoutEffect(() => {
    const view = box.current;
    if (!view) return;
    const known = before.current;
    if (known && firstSeq < known.firstSeq) view.scrollTop += view.scrollHeight - known.height;
    before.current = { firstSeq, height: view.scrollHeight };
  });
}

function Earlier({ talk }: { talk: Talk }): JSX.Element | null {
  const desk = useDesk();
  if (talk.firstSeq <= 1) return null;
  const state = talk.earlier.value;
  return (
    <p class="earlier-messages">
      {state === "failed" && <span role="alert">Earlier messages couldn't be loaded. </span>}
      <button class="button small" type="button" disabled={state === "loading"} onClick={() => void desk.loadEarlier(talk)}>
        {state === "loading" ? "Loading…" : state === "failed" ? "Try again" : "Earlier messages"}
      </button>
    </p>
  );
}

/** Tells the customer what has been read: only while the page is really in front of the agent. */
function useSeen(visible: boolean, seq: number): void {
  const desk = useDesk();
  useEffect(() => {
    const look = (): void => {
      if (visible && document.visibilityState === "visible" && document.hasFocus()) desk.sawUpTo(seq);
    };
    look();
    addEventListener("focus", look);
    return () => removeEventListener("focus", look);
  }, [desk, visible, seq]);
}

function TranscriptRow({ row, deliveries }: { row: Row; deliveries: ReadonlyMap<number, Delivery> }): JSX.Element {
  const { clock } = useApp();
  switch (row.kind) {
    case "day":
      return (
        <p class="divider">
          <span>{dayName(row.at, new Date(clock.now.value), locale)}</span>
        </p>
      );
    case "case":
      return (
        <p class="divider case">
          <span>Case {row.number} begins</span>
        </p>
      );
    case "event":
      return <EventRow message={row.message} delivery={deliveries.get(row.message.seq) ?? null} />;
    case "message":
      return <MessageRow message={row.message} follows={row.follows} delivery={deliveries.get(row.message.seq) ?? null} />;
  }
}

function EventRow({ message, delivery }: { message: Message; delivery: Delivery }): JSX.Element {
  return (
    <div class="event">
      {message.handoff && (
        <span class="event-what">
          <Icon name="swap" />
          {handoffLine(message.handoff)}
        </span>
      )}
      <Time at={message.at} />
      {message.text && <p class="event-text words">{message.text}</p>}
      <DeliveryState delivery={delivery} />
    </div>
  );
}

function Typing({ talk, name }: { talk: Talk; name: string }): JSX.Element | null {
  const typing = talk.typing.value;
  if (!typing) return null;
  return (
    <p class="typing">
      <span class="dots">
        <i />
        <i />
        <i />
      </span>
      {typing.author === "customer" ? name : (typing.name ?? "Another agent")} is typing
    </p>
  );
}
