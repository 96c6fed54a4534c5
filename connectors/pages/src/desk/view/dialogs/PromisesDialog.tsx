import type { JSX } from "preact";
import { hashOf } from "../../state/route";
import { PromiseRow } from "../PromiseRow";
import { useDesk } from "../context";
import { Dialog } from "./Dialog";

/** Everything customers were promised and do not have yet, the first due first. */
export function PromisesDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const { promises, route } = useDesk();
  const open = promises.open.value;
  return (
    <Dialog title="Promises" onClose={onClose}>
      {promises.problem.value && (
        <p class="notice bad" role="alert">
          {promises.problem.value}
        </p>
      )}
      {open.length === 0 && !promises.problem.value && <p class="muted">Nothing is promised that isn't kept.</p>}
      <ul class="promises">
        {open.map((promise) => (
          <PromiseRow key={promise.id} promise={promise}>
            <p>
              <a
                href={hashOf({ tab: route.value.tab, conversationId: promise.conversation_id, details: false })}
                onClick={onClose}
              >
                {promise.customer ?? "A customer"}
                {promise.ticket && `, ${promise.ticket}`}
              </a>
            </p>
          </PromiseRow>
        ))}
      </ul>
    </Dialog>
  );
}
