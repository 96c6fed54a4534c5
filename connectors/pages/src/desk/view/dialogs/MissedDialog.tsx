import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Missed } from "../../../shared/wire";
import { DeskError } from "../../api/errors";
import { When } from "../When";
import { useDesk } from "../context";
import { Dialog } from "./Dialog";

/** What ran out on the agent: offers that went by, claims without a reply in time, being set away. */
export function MissedDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const desk = useDesk();
  const missed = useSignal<Missed[] | null>(null);
  const problem = useSignal("");
  useEffect(() => {
    desk.parts.http.missed().then(
      (all) => (missed.value = all),
      (error: unknown) => (problem.value = error instanceof DeskError ? error.message : String(error)),
    );
  }, [desk]);
  const open = (one: Missed): void => {
    onClose();
    desk.go({ conversationId: one.conversation_id });
  };
  return (
    <Dialog title="What you missed" onClose={onClose}>
      {problem.value && (
        <p class="notice bad" role="alert">
          {problem.value}
        </p>
      )}
      {!missed.value && !problem.value && <p class="muted">Looking…</p>}
      {missed.value?.length === 0 && <p class="muted">Nothing: no offer has gone by, and no conversation was lost for want of a reply.</p>}
      <ol class="history missed">
        {missed.value?.map((one, index) => (
          <li key={index}>
            <span>
              <button class="link" type="button" onClick={() => open(one)}>
                {one.customer_name ?? "A customer"}, {one.ticket}
              </button>
              <br />
              {one.text}
            </span>
            <When at={one.at} />
          </li>
        ))}
      </ol>
    </Dialog>
  );
}
