import type { JSX } from "preact";
import type { Texts } from "../texts";
import type { ChatSession } from "../session/session";
import { Avatar } from "./Avatar";
import { useChat } from "./context";
import { CloseIcon } from "./icons";

/** Who is on the other side, and the way out. */
export function Header({ onClose }: { onClose: () => void }): JSX.Element {
  const { session, config, language } = useChat();
  const { texts } = language;
  const agentName = session.holder.value === "agent" ? (session.agentName.value ?? texts.agent) : null;
  const online = session.connection.value === "online";
  return (
    <div class="header">
      <Avatar author={agentName === null ? "bot" : "agent"} name={agentName ?? ""} />
      <div class="header-text">
        <h2 class="header-title" id="title">
          {agentName ?? config.title ?? texts.title}
        </h2>
        <p class={`header-status ${online ? session.holder.value : "away"}`}>{statusText(session, texts)}</p>
      </div>
      <button type="button" class="icon-button" aria-label={texts.closeChat} title={texts.closeChat} onClick={onClose}>
        <CloseIcon />
      </button>
    </div>
  );
}

function statusText({ holder, handoff }: ChatSession, texts: Texts): string {
  const position = handoff.value?.position;
  if (holder.value === "agent") return texts.statusAgent;
  if (holder.value === "closed") return texts.statusClosed;
  if (holder.value === "bot") return texts.statusBot;
  if (!position) return texts.statusQueue;
  return position === 1 ? texts.statusQueueNext : texts.statusQueuePosition(position);
}
