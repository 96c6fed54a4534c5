import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type Chat, ChatContext, useChat } from "./context";
import { Launcher } from "./Launcher";
import { Panel } from "./Panel";

export function Widget({ chat }: { chat: Chat }): JSX.Element {
  const { open, phone, config } = chat;
  const launcher = useRef<HTMLButtonElement>(null);
  // What was open when the page came must not take the focus away from it.
  const toggled = useRef(false);
  useEffect(() => {
    if (toggled.current && !open.value) launcher.current?.focus({ preventScroll: true });
    toggled.current = true;
  }, [open.value]);
  const covered = open.value && phone.value;
  return (
    <ChatContext.Provider value={chat}>
      <div class={`widget ${config.position}`}>
        {open.value && <Panel takesFocus={toggled.current} onClose={() => (open.value = false)} />}
        {config.launcher && !covered && <Launcher button={launcher} onClick={() => (open.value = !open.value)} />}
        <ClosedNews />
      </div>
    </ChatContext.Provider>
  );
}

/** While the panel is closed, a screen reader hears of new messages here. */
function ClosedNews(): JSX.Element {
  const { session, open, language } = useChat();
  const { texts } = language;
  const newest = session.entries.value.at(-1);
  const isNews = !open.value && !session.replaying.value && session.unread.value > 0 && newest?.kind === "reply";
  return (
    <p class="hidden" role="status">
      {isNews && texts.newMessage(newest.name ?? texts.desk, newest.text)}
    </p>
  );
}
