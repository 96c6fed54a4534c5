import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Summary, Ticket } from "../../shared/wire";
import { DeskError } from "../api/errors";
import { Section } from "./Section";
import { useDesk } from "./context";

/** The customer left an address instead of waiting: the answer goes out with the agent's own mail program. */
export function EmailSection({ ticket, summary }: { ticket: Ticket | null; summary: Summary }): JSX.Element | null {
  const desk = useDesk();
  const problem = useSignal("");
  const busy = useSignal(false);
  if (!ticket?.email) return null;
  const written = async (): Promise<void> => {
    busy.value = true;
    problem.value = "";
    try {
      await desk.actions.emailed();
    } catch (error) {
      if (!(error instanceof DeskError)) throw error;
      problem.value = error.message;
    } finally {
      busy.value = false;
    }
  };
  const subject = encodeURIComponent(`Your request ${ticket.number}`);
  return (
    <Section title="Wants an e-mail">
      <p>
        <a href={`mailto:${encodeURIComponent(ticket.email)}?subject=${subject}`}>{ticket.email}</a>
      </p>
      <p class="muted">
        {ticket.first_reply_at
          ? "This customer doesn't wait in the chat. They have had an answer."
          : "This customer doesn't wait in the chat. Write with your own mail program, then say so here: they are told, and it counts as the answer."}
      </p>
      {desk.isMine(summary) && !ticket.first_reply_at && (
        <p>
          <button class="button small" type="button" disabled={busy.value} onClick={() => void written()}>
            I've answered by e-mail
          </button>
        </p>
      )}
      {problem.value && (
        <p class="problem" role="alert">
          {problem.value}
        </p>
      )}
    </Section>
  );
}
