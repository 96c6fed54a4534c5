import type { JSX, RefObject, TargetedEvent } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { timeline, type Item } from "../timeline";
import { Avatar } from "./Avatar";
import { useChat } from "./context";
import { FilesOnTheirWay } from "./FilesOnTheirWay";
import { DownIcon } from "./icons";
import { Own, Reply, Unsent } from "./Message";
import { StatusCard } from "./StatusCard";

/** Nearer to the end than this counts as reading the newest message. */
const AT_END_PX = 64;

/** The talk. It follows the newest message unless its reader has scrolled up. */
export function Log(): JSX.Element {
  const { session, language } = useChat();
  const { texts, locale } = language;
  const log = useRef<HTMLDivElement>(null);
  const talk = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const items = timeline(session.entries.value, session.unsent.value, new Date(), locale);
  const typing = session.typing.value;
  const toEnd = (): void => log.current?.scrollTo({ top: log.current.scrollHeight });

  useLayoutEffect(toEnd, [session.unsent.value.length, session.files.items.value.length]);
  useFollowHeight(log, talk, atEnd);
  useMarkSeen(atEnd);

  const onScroll = ({ currentTarget: { scrollHeight, scrollTop, clientHeight } }: TargetedEvent<HTMLElement>): void =>
    setAtEnd(scrollHeight - scrollTop - clientHeight < AT_END_PX);
  return (
    <div class="log-place">
      <div
        class="log"
        ref={log}
        onScroll={onScroll}
        tabIndex={0}
        role="log"
        aria-label={texts.log}
        aria-busy={session.replaying.value}
      >
        <div class="talk" ref={talk}>
          {items.length === 0 && session.files.items.value.length === 0 && (session.replaying.value ? <p class="past">{texts.earlier}</p> : <Welcome />)}
          <ol class="items">
            {items.map((item) => (
              <Row key={item.key} item={item} />
            ))}
          </ol>
          <FilesOnTheirWay />
          {typing && <TypingDots />}
        </div>
      </div>
      {!atEnd && (
        <button type="button" class="to-end" onClick={toEnd}>
          <DownIcon size={16} /> {texts.jumpToNewest}
        </button>
      )}
    </div>
  );
}

function Row({ item }: { item: Item }): JSX.Element {
  switch (item.kind) {
    case "day":
      return (
        <li class="day">
          <span>{item.label}</span>
        </li>
      );
    case "own":
      return <Own {...item} />;
    case "unsent":
      return <Unsent {...item} />;
    case "reply":
      return <Reply {...item} />;
    case "card":
      return <StatusCard {...item} />;
    case "quickReplies":
      return <QuickReplies item={item} />;
  }
}

function QuickReplies({ item }: { item: Extract<Item, { kind: "quickReplies" }> }): JSX.Element {
  const { session, language } = useChat();
  return (
    <li class="quick-replies">
      <div role="group" aria-label={language.texts.suggestions} class="chips">
        {item.quickReplies.map(({ title, payload }) => (
          <button type="button" class="chip" key={payload} onClick={() => session.say(payload, title)}>
            {title}
          </button>
        ))}
      </div>
    </li>
  );
}

/** Before anything was said: what one can ask here. */
function Welcome(): JSX.Element {
  const { session, config, language } = useChat();
  const { texts } = language;
  return (
    <div class="welcome">
      <Avatar author="bot" name="" />
      <p class="welcome-text">{config.greeting ?? texts.greeting}</p>
      {config.starters.length > 0 && (
        <div role="group" aria-label={texts.suggestions} class="chips">
          {config.starters.map((starter) => (
            <button type="button" class="chip" key={starter} onClick={() => session.say(starter)}>
              {starter}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function TypingDots(): JSX.Element | null {
  const { session, language } = useChat();
  const typing = session.typing.value;
  if (!typing) return null;
  const name = typing.name ?? (typing.author === "agent" ? language.texts.agent : language.texts.assistant);
  return (
    <div class={`row reply typing last ${typing.author}`}>
      <Avatar author={typing.author} name={name} />
      <p class="bubble dots">
        <span class="hidden">{language.texts.typing(name)}</span>
        <i />
        <i />
        <i />
      </p>
    </div>
  );
}

/** The keyboard of a phone, a growing composer or a notice that changes must not hide the newest message. */
function useFollowHeight(
  log: RefObject<HTMLElement | null>,
  talk: RefObject<HTMLElement | null>,
  atEnd: boolean,
): void {
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      if (atEnd) log.current?.scrollTo({ top: log.current.scrollHeight });
    });
    for (const { current } of [log, talk]) if (current) observer.observe(current);
    return () => observer.disconnect();
  }, [atEnd]);
}

/** Seen means: the panel is open, the page in front, and the newest message in view. */
function useMarkSeen(atEnd: boolean): void {
  const { session } = useChat();
  const newest = session.entries.value.findLast((entry) => entry.kind === "reply")?.seq ?? 0;
  useEffect(() => {
    const mark = (): void => {
      if (atEnd && document.visibilityState === "visible") session.markSeen(newest);
    };
    mark();
    document.addEventListener("visibilitychange", mark);
    return () => document.removeEventListener("visibilitychange", mark);
  }, [atEnd, newest, session.connection.value]);
}
