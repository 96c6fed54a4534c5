import type { JSX } from "preact";
import { clockTime, fullTime } from "../../shared/time";
import type { Attachment } from "../../shared/wire";
import { fileSize } from "../../shared/upload";
import { fileAddress } from "../links";
import type { UnsentMessage } from "../session/outbox";
import { HUMAN_REQUEST } from "../session/session";
import type { CustomerEntry, ReplyEntry } from "../session/transcript";
import { Avatar } from "./Avatar";
import { useChat } from "./context";
import { AlertIcon, ClockIcon, FileIcon, LinkIcon, SeenIcon, SentIcon } from "./icons";
import { ExternalLink, RichText } from "./RichText";

interface InRun {
  first: boolean;
  last: boolean;
}

/** Words of the bot, an agent or the desk itself. */
export function Reply({ entry, first, last }: InRun & { entry: ReplyEntry }): JSX.Element {
  const { language } = useChat();
  const { texts } = language;
  const name = entry.name ?? { bot: texts.assistant, agent: texts.agent, system: texts.desk }[entry.author];
  return (
    <li class={runClass(`reply ${entry.author}`, first, last)}>
      {last && <Avatar author={entry.author} name={name} />}
      <div class="stack">
        <p class={first ? "speaker" : "hidden"}>
          {name}
          {entry.author === "bot" && first && <span class="tag">{texts.assistantTag}</span>}
        </p>
        {entry.text !== "" && (
          <p class="bubble" dir="auto">
            <RichText text={entry.text} />
          </p>
        )}
        {entry.attachment && <AttachmentLink attachment={entry.attachment} />}
        {last && <Time at={entry.at} locale={language.locale} />}
      </div>
    </li>
  );
}

/** The customer's own words, once the desk has them. */
export function Own({ entry, first, last }: InRun & { entry: CustomerEntry }): JSX.Element {
  const { session, language } = useChat();
  const { texts, locale } = language;
  const seen = session.readSeq.value >= entry.seq;
  return (
    <li class={runClass("own", first, last)}>
      {entry.text !== "" && <OwnBubble text={entry.text === HUMAN_REQUEST ? texts.talkToPerson : entry.text} />}
      {entry.attachment && <AttachmentLink attachment={entry.attachment} />}
      {last && (
        <p class="meta">
          <Time at={entry.at} locale={locale} />
          <span class={seen ? "tick seen" : "tick"} title={seen ? texts.seen : texts.sent}>
            {seen ? <SeenIcon /> : <SentIcon />}
            <span class="hidden">{seen ? texts.seen : texts.sent}</span>
          </span>
        </p>
      )}
    </li>
  );
}

/** The customer's own words on their way, or stuck. */
export function Unsent({ message, first, last }: InRun & { message: UnsentMessage }): JSX.Element {
  const { session, language } = useChat();
  const { texts } = language;
  const online = session.connection.value === "online";
  return (
    <li class={runClass(message.failure ? "own failed" : "own waiting", first, last)}>
      <OwnBubble text={message.title} />
      {message.failure ? (
        <FailureNote message={message} />
      ) : (
        last && (
          <p class="meta">
            <ClockIcon /> {online || session.connection.value === "connecting" ? texts.sending : texts.waiting}
          </p>
        )
      )}
    </li>
  );
}

function FailureNote({ message }: { message: UnsentMessage }): JSX.Element {
  const { session, language, draft } = useChat();
  const { texts } = language;
  const { code, retry } = message.failure!;
  const known = texts.failures as Record<string, string>;
  const edit = (): void => {
    const words = session.withdraw(message.id);
    draft.value = [draft.value, words].filter(Boolean).join("\n");
  };
  return (
    <p class="meta failure" role="alert">
      <AlertIcon /> {known[code] ?? texts.failures.other}{" "}
      <button type="button" class="text-button" onClick={retry ? () => session.retry() : edit}>
        {retry ? texts.retry : texts.edit}
      </button>
    </p>
  );
}

function OwnBubble({ text }: { text: string }): JSX.Element {
  const { texts } = useChat().language;
  return (
    <>
      <p class="hidden">{texts.you}</p>
      <p class="bubble" dir="auto">
        <RichText text={text} />
      </p>
    </>
  );
}

function AttachmentLink({ attachment }: { attachment: Attachment }): JSX.Element | null {
  const { config, language } = useChat();
  const address = fileAddress(attachment.payload.src, config.origin);
  const title = attachment.payload.title || language.texts.attachment;
  if (address === null) return <p class="bubble">{title}</p>;
  if (attachment.type === "image") {
    return (
      <ExternalLink href={address} class="picture">
        <img src={address} alt={title} loading="lazy" />
      </ExternalLink>
    );
  }
  const { size } = attachment.payload;
  return (
    <ExternalLink href={address} class="attachment">
      <span class="attachment-icon">{attachment.type === "link" ? <LinkIcon /> : <FileIcon />}</span>
      <span class="attachment-text">
        <span class="attachment-title">{title}</span>
        <span class="attachment-host">{size ? fileSize(size) : new URL(address).host}</span>
      </span>
    </ExternalLink>
  );
}

export function Time({ at, locale }: { at: string; locale: string }): JSX.Element {
  return (
    <time class="time" dateTime={at} title={fullTime(at, locale)}>
      {clockTime(at, locale)}
    </time>
  );
}

function runClass(kind: string, first: boolean, last: boolean): string {
  return ["row", kind, first && "first", last && "last"].filter(Boolean).join(" ");
}
