import type { JSX, TargetedKeyboardEvent } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Summary } from "../../shared/wire";
import { mayClaim } from "../state/ownership";
import type { Talk } from "../state/talk";
import { takesOver } from "../words/people";
import { Icon } from "./Icon";
import { useAgent, useDesk } from "./context";

const LONGEST = 4_000;

/** The way to answer: a text box for whoever holds the conversation, and for the others the way to get it. */
export function Composer({ talk }: { talk: Talk }): JSX.Element | null {
  const desk = useDesk();
  const current = desk.current.value;
  if (!current) return null;
  const mine = desk.isMine(current);
  return (
    <footer class="composer">
      {mine ? <Reply key={talk.id} id={talk.id} /> : <NotMine summary={current} />}
    </footer>
  );
}

function Reply({ id }: { id: string }): JSX.Element {
  const desk = useDesk();
  const box = useRef<HTMLTextAreaElement>(null);
  const text = desk.drafts.of(id);
  const tooLong = text.trim().length > LONGEST;

  useEffect(() => {
    // Claimed just now: the next thing to do is to write. On a touch screen the keyboard would cover the talk.
    if (matchMedia("(pointer: fine)").matches) box.current?.focus();
  }, []);

  const send = (): void => {
    if (!tooLong) desk.send(id, text);
  };
  const key = (event: TargetedKeyboardEvent<HTMLTextAreaElement>): void => {
    // Enter that finishes a word in an input method is not Enter.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };

  return (
    <>
      <label class="sr-only" for="reply">
        Reply to the customer
      </label>
      <div class="reply">
        <textarea
          id="reply"
          ref={box}
          rows={2}
          placeholder="Write a reply"
          value={text}
          onInput={(event) => desk.typed(id, event.currentTarget.value)}
          onKeyDown={key}
          onBlur={() => desk.stopTyping()}
          aria-describedby="reply-hint"
        />
        <button class="button primary send" type="button" onClick={send} disabled={!text.trim() || tooLong}>
          <Icon name="send" />
          Send
        </button>
      </div>
      <p class="reply-hint" id="reply-hint">
        {tooLong ? (
          <span class="over">{`${text.trim().length - LONGEST} characters too long`}</span>
        ) : (
          <>
            <kbd>Enter</kbd> sends, <kbd>Shift</kbd>+<kbd>Enter</kbd> starts a new line
          </>
        )}
      </p>
    </>
  );
}

function NotMine({ summary }: { summary: Summary }): JSX.Element {
  const desk = useDesk();
  const agent = useAgent();
  const draft = desk.drafts.of(summary.id);
  return (
    <>
      {draft && <Unsent id={summary.id} text={draft} />}
      <div class="not-mine">
        <p>{stateWords(summary)}</p>
        {summary.holder === "agent" && takesOver(agent) && (
          <button class="button" type="button" onClick={() => void desk.actions.takeOver()}>
            Take over
          </button>
        )}
        {mayClaim(summary) && (
          <button class="button primary" type="button" onClick={() => void desk.claim(summary.id)}>
            {summary.holder === "bot" ? "Take over from the bot" : "Claim"}
            <kbd>c</kbd>
          </button>
        )}
      </div>
    </>
  );
}

function Unsent({ id, text }: { id: string; text: string }): JSX.Element {
  const desk = useDesk();
  return (
    <div class="unsent">
      <p class="unsent-title">You had begun to write. It wasn't sent, and is kept here.</p>
      <p class="words">{text}</p>
      <button class="link" type="button" onClick={() => desk.drafts.set(id, "")}>
        Discard
      </button>
    </div>
  );
}

function stateWords(summary: Summary): string {
  if (summary.holder === "agent") return `${summary.agent?.name ?? "Another agent"} is answering. You can read along and leave notes.`;
  if (summary.holder === "closed") return "This conversation is closed. It opens again when the customer writes.";
  return summary.holder === "queue" ? "The customer is waiting for a person." : "The bot is answering. You can step in; it will stop at once.";
}
