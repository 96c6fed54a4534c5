import type { JSX } from "preact";
import { waitingActions } from "../timeline";
import { useChat } from "./context";

/** What a customer who waits can do, in reach for as long as they wait; and that what they write is kept. */
export function QueueBar(): JSX.Element | null {
  const { session, language } = useChat();
  const { texts } = language;
  const actions = session.holder.value === "queue" ? waitingActions(session.entries.value) : [];
  if (actions.length === 0) return null;
  const kept = session.handoff.value?.kept ?? 0;
  return (
    <div class="queue-bar" role="group" aria-label={texts.whileYouWait}>
      {kept > 0 && (
        <p class="queue-kept" role="status">
          {texts.kept(kept)}
        </p>
      )}
      <div class="queue-actions">
        {actions.map(({ title, payload }) => (
          <button type="button" class="queue-action" key={payload} onClick={() => session.say(payload, title)}>
            {title}
          </button>
        ))}
      </div>
    </div>
  );
}
