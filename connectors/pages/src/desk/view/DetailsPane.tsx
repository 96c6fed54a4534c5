import type { JSX, TargetedKeyboardEvent } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Talk } from "../state/talk";
import { BriefSection } from "./BriefSection";
import { EarlierSection } from "./EarlierSection";
import { EmailSection } from "./EmailSection";
import { HistorySection } from "./HistorySection";
import { Icon } from "./Icon";
import { NotesSection } from "./NotesSection";
import { OrdersSection } from "./OrdersSection";
import { PromisesSection } from "./PromisesSection";
import { useDesk } from "./context";

/** What an agent wants to know before answering. In narrow windows it lies over the talk. */
export function DetailsPane({ talk }: { talk: Talk }): JSX.Element {
  const desk = useDesk();
  const detail = talk.detail.value;
  const inFront = desk.route.value.details;
  const closer = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (inFront) closer.current?.focus();
  }, [inFront]);
  const escape = (event: TargetedKeyboardEvent<HTMLElement>): void => {
    if (event.key === "Escape" && inFront) desk.go({ details: false });
  };
  return (
    <aside class="pane details-pane" aria-label="Details" onKeyDown={escape}>
      <div class="details-head">
        <h2>Details</h2>
        <button
          class="button ghost icon-only close-details"
          type="button"
          ref={closer}
          aria-label="Back to the conversation"
          onClick={() => desk.go({ details: false })}
        >
          <Icon name="close" />
        </button>
      </div>
      {detail && (
        <div class="details">
          <EmailSection ticket={detail.ticket} summary={desk.current.value ?? detail.conversation} />
          <BriefSection detail={detail} />
          <PromisesSection summary={desk.current.value ?? detail.conversation} />
          <OrdersSection orders={detail.brief.orders} note={detail.brief.orders_note} spokenOf={detail.brief.slots.order_number} />
          <NotesSection notes={detail.notes} conversationId={detail.conversation.id} />
          <HistorySection history={detail.history} />
          <EarlierSection earlier={detail.brief.earlier} />
        </div>
      )}
    </aside>
  );
}
