import type { JSX } from "preact";
import type { Message } from "../../shared/wire";
import { handoffLine } from "../words/handoff";
import { customerName } from "../words/people";
import { safeHref } from "../words/links";
import type { Delivery } from "../words/transcript";
import { FileRow } from "./FileRow";
import { Icon, type IconName } from "./Icon";
import { RichText } from "./RichText";
import { Time } from "./Time";
import { UnderstandingLine } from "./UnderstandingLine";
import { useDesk } from "./context";

export function MessageRow({ message, follows, delivery }: { message: Message; follows: boolean; delivery: Delivery }): JSX.Element {
  return (
    <article class={`message from-${message.author} ${follows ? "follows" : ""} ${delivery === "cancelled" ? "cancelled" : ""}`}>
      {!follows && <Speaker message={message} />}
      <div class="message-line">
        <div class="bubble">
          {follows && (
            <span class="sr-only">
              <Time at={message.at} />
            </span>
          )}
          {message.text && !(message.wordless && message.files.length > 0) && <RichText text={message.text} />}
          {message.attachment && <AttachmentLink title={message.attachment.title} url={message.attachment.url} />}
          {message.files.map((file) => (
            <FileRow key={file.id} file={file} />
          ))}
        </div>
        {message.edited_at && <span class="edited">edited</span>}
        {message.understanding && <UnderstandingLine understanding={message.understanding} />}
      </div>
      {message.buttons.length > 0 && <Offered buttons={message.buttons} />}
      {message.handoff && (
        <p class="event-what inline">
          <Icon name="swap" />
          {handoffLine(message.handoff)}
        </p>
      )}
      <p class="message-foot">
        <DeliveryState delivery={delivery} />
        {delivery === "dead" && message.author === "agent" && !message.wordless && <WriteAgain text={message.text} />}
      </p>
    </article>
  );
}

function Speaker({ message }: { message: Message }): JSX.Element {
  const desk = useDesk();
  const current = desk.current.value;
  const names = { customer: current ? customerName(current) : "Customer", bot: "Bot", agent: "Agent", system: "Frontdesk" };
  return (
    <p class="speaker">
      <strong>{message.name ?? names[message.author]}</strong>
      {message.author === "bot" && <span class="role">bot</span>}
      <Time at={message.at} />
    </p>
  );
}

function AttachmentLink({ title, url }: { title: string | null; url: string }): JSX.Element {
  const href = safeHref(url);
  const name = title ?? "Attachment";
  if (!href) return <p class="attachment">{name} (its address can't be opened)</p>;
  return (
    <a class="attachment" href={href} target="_blank" rel="noopener noreferrer">
      <Icon name="attachment" />
      {name}
    </a>
  );
}

function Offered({ buttons }: { buttons: Message["buttons"] }): JSX.Element {
  return (
    <ul class="offered" aria-label="Answers offered to the customer">
      {buttons.map((button) => (
        <li key={button.id}>{button.title}</li>
      ))}
    </ul>
  );
}

const DELIVERIES: Record<Exclude<Delivery, null>, { icon: IconName; words: string }> = {
  on_its_way: { icon: "clock", words: "On its way" },
  sent: { icon: "check", words: "Sent" },
  seen: { icon: "checks", words: "Seen" },
  dead: { icon: "warning", words: "Could not be delivered" },
  cancelled: { icon: "close", words: "Not sent: a person had taken over" },
  waiting: { icon: "clock", words: "Waiting for an answer" },
};

function WriteAgain({ text }: { text: string }): JSX.Element | null {
  const desk = useDesk();
  const current = desk.current.value;
  if (!current || !desk.isMine(current)) return null;
  const again = (): void => {
    desk.writeAgain(current.id, text);
    document.getElementById("reply")?.focus();
  };
  return (
    <button class="link" type="button" onClick={again}>
      Write again
    </button>
  );
}

/** What became of a message, in words and a small picture. */
export function DeliveryState({ delivery }: { delivery: Delivery }): JSX.Element | null {
  if (!delivery) return null;
  const { icon, words } = DELIVERIES[delivery];
  return (
    <span class={`delivery ${delivery}`}>
      <Icon name={icon} />
      {words}
    </span>
  );
}
