import type { JSX, RefObject } from "preact";
import { useChat } from "./context";
import { ChatIcon, DownIcon } from "./icons";

export function Launcher({
  button,
  onClick,
}: {
  button: RefObject<HTMLButtonElement | null>;
  onClick: () => void;
}): JSX.Element {
  const { session, open, language } = useChat();
  const { texts } = language;
  const unread = open.value ? 0 : session.unread.value;
  const label = [open.value ? texts.closeChat : texts.openChat, unread > 0 && texts.unread(unread)]
    .filter(Boolean)
    .join(", ");
  return (
    <button type="button" class="launcher" ref={button} aria-label={label} aria-expanded={open.value} onClick={onClick}>
      {open.value ? <DownIcon size={26} /> : <ChatIcon />}
      {unread > 0 && (
        <span class="badge" aria-hidden="true">
          {unread > 99 ? "99+" : unread}
        </span>
      )}
    </button>
  );
}
