import type { JSX } from "preact";
import type { Talk } from "../state/talk";
import { Icon } from "./Icon";
import { useDesk } from "./context";

const TITLES = {
  lost_race: "You didn't get this one.",
  lease_lost: "No longer yours.",
  taken_over: "No longer yours.",
  failed: "That didn't work.",
} as const;

/** Lost races, lost leases and take-overs: said where the agent is looking, until they have read it. */
export function TalkNoticeBar({ talk }: { talk: Talk }): JSX.Element {
  const desk = useDesk();
  const notice = talk.notice.value;
  const next = desk.lists.rows("queue").find((summary) => summary.id !== talk.id);
  return (
    <div role="alert" class="talk-notice-place">
      {notice && (
        <div class={`talk-notice ${notice.kind === "failed" ? "bad" : "warn"}`}>
          <Icon name="warning" />
          <p>
            <strong>{TITLES[notice.kind]}</strong> {notice.text}
          </p>
          {next && notice.kind !== "failed" && (
            <button class="button small" type="button" onClick={() => desk.go({ tab: "queue", conversationId: next.id })}>
              Next in the queue
            </button>
          )}
          <button class="button ghost icon-only" type="button" aria-label="Dismiss" onClick={() => (talk.notice.value = null)}>
            <Icon name="close" />
          </button>
        </div>
      )}
    </div>
  );
}
