import type { JSX } from "preact";
import type { Outgoing } from "../state/outgoing";
import { Icon } from "./Icon";
import { useDesk } from "./context";

/** Messages that have not reached the gateway yet, after everything that has. */
export function OutgoingRows({ items, conversationId }: { items: Outgoing[]; conversationId: string }): JSX.Element {
  const desk = useDesk();
  const anyFailed = items.some((item) => item.state === "failed");
  return (
    <>
      {items.map((item) => (
        <OutgoingRow key={item.id} item={item} />
      ))}
      {anyFailed && (
        <p class="retry">
          <button class="button small" type="button" onClick={() => void desk.outgoing.retry(conversationId)}>
            Try again
          </button>
        </p>
      )}
    </>
  );
}

function OutgoingRow({ item }: { item: Outgoing }): JSX.Element {
  const desk = useDesk();
  const takeBack = (): void => {
    desk.writeAgain(item.conversationId, desk.outgoing.takeBack(item.id));
    document.getElementById("reply")?.focus();
  };
  return (
    <article class={`message from-agent outgoing ${item.state}`}>
      <div class="message-line">
        <div class="bubble">
          <p class="words">{item.text}</p>
        </div>
      </div>
      <p class="message-foot">
        {item.state === "sending" ? (
          <span class="delivery on_its_way">
            <Icon name="clock" />
            Sending
          </span>
        ) : (
          <>
            <span class="delivery dead">
              <Icon name="warning" />
              Not sent. {item.detail}
            </span>
            <button class="link" type="button" onClick={takeBack}>
              Edit
            </button>
          </>
        )}
      </p>
    </article>
  );
}
