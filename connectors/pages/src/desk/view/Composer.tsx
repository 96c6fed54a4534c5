import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX, TargetedEvent, TargetedKeyboardEvent } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { FILE_TYPES } from "../../shared/upload";
import type { Summary } from "../../shared/wire";
import { mayClaim } from "../state/ownership";
import type { Talk } from "../state/talk";
import { takesOver } from "../words/people";
import { AttachedFiles } from "./AttachedFiles";
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
  const files = desk.attachments.of(id);
  const sendable = (text.trim() !== "" || desk.attachments.anyChosen(id)) && !tooLong;

  useEffect(() => {
    // Claimed just now: the next thing to do is to write. On a touch screen the keyboard would cover the talk.
    if (matchMedia("(pointer: fine)").matches) box.current?.focus();
  }, []);

  const send = (): void => {
    if (sendable) desk.send(id, text);
  };
  const attach = (files: FileList | null | undefined): void => {
    if (files?.length) desk.attachments.choose(id, files);
  };
  const paste = (event: ClipboardEvent): void => {
    if (!event.clipboardData?.files.length) return;
    event.preventDefault();
    attach(event.clipboardData.files);
  };
  const key = (event: TargetedKeyboardEvent<HTMLTextAreaElement>): void => {
    // Enter that finishes a word in an input method is not Enter.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };

  return (
    <DropPlace onFiles={attach}>
      <label class="sr-only" for="reply">
        Reply to the customer
      </label>
      <AttachedFiles items={files} />
      <div class="reply">
        <AttachButton onFiles={attach} />
        <textarea
          id="reply"
          ref={box}
          rows={2}
          placeholder="Write a reply"
          value={text}
          onInput={(event) => desk.typed(id, event.currentTarget.value)}
          onKeyDown={key}
          onPaste={paste}
          onBlur={() => desk.stopTyping()}
          aria-describedby="reply-hint"
        />
        <button class="button primary send" type="button" onClick={send} disabled={!sendable}>
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
    </DropPlace>
  );
}

type OnFiles = (files: FileList | null | undefined) => void;

function AttachButton({ onFiles }: { onFiles: OnFiles }): JSX.Element {
  const dialog = useRef<HTMLInputElement>(null);
  const chosen = ({ currentTarget }: TargetedEvent<HTMLInputElement>): void => {
    onFiles(currentTarget.files);
    // The same file may be chosen again after it was removed.
    currentTarget.value = "";
  };
  return (
    <>
      <input ref={dialog} type="file" multiple hidden accept={FILE_TYPES} onChange={chosen} />
      <button class="button ghost icon-only attach" type="button" aria-label="Attach a file" title="Attach a file" onClick={() => dialog.current?.click()}>
        <Icon name="clip" />
      </button>
    </>
  );
}

/** Files may be dropped anywhere on the way to answer. */
function DropPlace({ onFiles, children }: { onFiles: OnFiles; children: ComponentChildren }): JSX.Element {
  const over = useSignal(false);
  const drag = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    over.value = true;
  };
  const drop = (event: DragEvent): void => {
    over.value = false;
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    onFiles(event.dataTransfer.files);
  };
  return (
    <div class={over.value ? "drop-place over-it" : "drop-place"} onDragOver={drag} onDragLeave={() => (over.value = false)} onDrop={drop}>
      {children}
    </div>
  );
}

function NotMine({ summary }: { summary: Summary }): JSX.Element {
  const desk = useDesk();
  const agent = useAgent();
  const draft = desk.drafts.of(summary.id);
  return (
    <>
      <AttachedFiles items={desk.attachments.of(summary.id)} />
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
