import type { JSX, RefObject, TargetedEvent, TargetedInputEvent } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { HUMAN_REQUEST, MAX_MESSAGE_LENGTH } from "../session/session";
import { useChat } from "./context";
import { FILE_TYPES } from "../../shared/upload";
import { AttachIcon, PersonIcon, SendIcon } from "./icons";

/** From here on the length is shown. */
const LENGTH_SHOWN_FROM = 3_600;
const MAX_HEIGHT_PX = 150;

/** Where the customer writes; the way to a person is always beside it. */
export function Composer({ field }: { field: RefObject<HTMLTextAreaElement | null> }): JSX.Element {
  const { session, language, draft } = useChat();
  const { texts } = language;
  // The desk counts characters, JavaScript's length counts halves of some.
  const length = [...draft.value].length;
  const tooLong = length > MAX_MESSAGE_LENGTH;
  const sendable = draft.value.trim() !== "" && !tooLong;

  useLayoutEffect(() => fitHeight(field.current), [draft.value]);

  const send = (): void => {
    if (!sendable) return;
    session.say(draft.value.trim());
    draft.value = "";
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // Enter that ends an input method's suggestion is not meant for us.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  const onInput = ({ currentTarget }: TargetedInputEvent<HTMLTextAreaElement>): void => {
    draft.value = currentTarget.value;
    session.noteTyping();
  };
  const onPaste = (event: ClipboardEvent): void => {
    const files = event.clipboardData?.files;
    if (!files?.length) return;
    event.preventDefault();
    session.sendFiles(files);
  };
  const onDrop = (event: DragEvent): void => {
    const files = event.dataTransfer?.files;
    if (!files?.length) return;
    event.preventDefault();
    session.sendFiles(files);
  };
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    send();
  };
  return (
    <form class="composer" onSubmit={onSubmit} onDragOver={allowFiles} onDrop={onDrop}>
      <div class={tooLong ? "field too-long" : "field"}>
        <textarea
          ref={field}
          rows={1}
          value={draft.value}
          placeholder={texts.placeholder}
          aria-label={texts.placeholder}
          aria-invalid={tooLong}
          aria-describedby="length"
          autocomplete="off"
          enterkeyhint="send"
          dir="auto"
          onInput={onInput}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onBlur={() => session.stopTyping()}
        />
        <div class="actions">
          <AttachButton />
          <PersonButton />
          <button type="submit" class="send" aria-label={texts.send} title={texts.send} aria-disabled={!sendable}>
            <SendIcon />
          </button>
        </div>
      </div>
      <p class={tooLong ? "length over" : "length"} id="length" role="status">
        {length >= LENGTH_SHOWN_FROM && <Length length={length} />}
      </p>
    </form>
  );
}

function AttachButton(): JSX.Element {
  const { session, language } = useChat();
  const dialog = useRef<HTMLInputElement>(null);
  const chosen = ({ currentTarget }: TargetedEvent<HTMLInputElement>): void => {
    // A copy: emptying the input, so that the same file may be chosen again, empties its list.
    session.sendFiles([...(currentTarget.files ?? [])]);
    currentTarget.value = "";
  };
  const { attach } = language.texts;
  return (
    <>
      <input ref={dialog} type="file" multiple hidden accept={FILE_TYPES} onChange={chosen} />
      <button type="button" class="attach" aria-label={attach} title={attach} onClick={() => dialog.current?.click()}>
        <AttachIcon />
      </button>
    </>
  );
}

function allowFiles(event: DragEvent): void {
  if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
}

function Length({ length }: { length: number }): JSX.Element {
  const { texts, locale } = useChat().language;
  const number = new Intl.NumberFormat(locale);
  const limit = number.format(MAX_MESSAGE_LENGTH);
  const over = length - MAX_MESSAGE_LENGTH;
  return <>{over > 0 ? texts.tooLong(number.format(over), limit) : texts.length(length, MAX_MESSAGE_LENGTH)}</>;
}

/** There until a person is, or is on the way. A second press while the first is under way would say nothing new. */
function PersonButton(): JSX.Element | null {
  const { session, language } = useChat();
  if (session.holder.value === "queue" || session.holder.value === "agent") return null;
  const asking = session.unsent.value.some(({ message, failure }) => message === HUMAN_REQUEST && failure === null);
  const ask = (): void => {
    if (!asking) session.say(HUMAN_REQUEST, language.texts.talkToPerson);
  };
  return (
    <button type="button" class="person" aria-disabled={asking} onClick={ask}>
      <PersonIcon /> {language.texts.talkToPerson}
    </button>
  );
}

function fitHeight(field: HTMLTextAreaElement | null): void {
  if (!field) return;
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, MAX_HEIGHT_PX)}px`;
}
