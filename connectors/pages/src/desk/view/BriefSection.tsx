import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { Brief, ConversationDetail, Ticket } from "../../shared/wire";
import { DeskError } from "../api/errors";
import { reasonName, sentence, urgencyOf } from "../words/handoff";
import { Section } from "./Section";
import { useDesk } from "./context";

/** The case in two sentences, why it came to a person, and what nobody should have to ask again. */
export function BriefSection({ detail }: { detail: ConversationDetail }): JSX.Element {
  const { brief, ticket } = detail;
  return (
    <>
      <Section title="In short">
        {brief.summary.length ? <p class="summary">{brief.summary.join(" ")}</p> : <p class="muted">Nothing to sum up yet.</p>}
      </Section>
      {ticket && <WhyHere ticket={ticket} brief={brief} />}
      {brief.asked_and_answered.length > 0 && (
        <Section title="Already asked and answered">
          <dl class="answers">
            {brief.asked_and_answered.map(({ question, answer }) => (
              <div key={question}>
                <dt>{question}</dt>
                <dd>{answer}</dd>
              </div>
            ))}
          </dl>
        </Section>
      )}
      {brief.tried.length + brief.failed.length > 0 && (
        <Section title="What the bot did">
          <ul class="attempts">
            {brief.tried.map((one) => (
              <li key={one}>{one}</li>
            ))}
            {brief.failed.map((one) => (
              <li key={one} class="failed">
                <span class="sr-only">Didn't work: </span>
                {one}
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Slots brief={brief} />
    </>
  );
}

function WhyHere({ ticket, brief }: { ticket: Ticket; brief: Brief }): JSX.Element {
  const urgency = urgencyOf(ticket.priority);
  const evidence = ticket.evidence.length ? ticket.evidence : brief.evidence;
  return (
    <Section title="Why a person">
      <p class="why">
        <strong>{brief.reason_text || reasonName(ticket.reason)}</strong>
        {urgency !== "ordinary" && <span class={`chip ${urgency}`}>{urgency === "urgent" ? "Urgent" : "Raised"}</span>}
      </p>
      {evidence.length > 0 && (
        <ul class="evidence">
          {evidence.map((one) => (
            <li key={`${one.kind} ${one.text}`}>{one.text}</li>
          ))}
        </ul>
      )}
      <Needed ticket={ticket} />
      {ticket.rating !== null && <p class="rating">The customer's rating: {ticket.rating} of 5</p>}
      {ticket.comment && <blockquote class="rating words">“{ticket.comment}”</blockquote>}
    </Section>
  );
}

/** The agent's verdict on the escalation; it teaches the bot when to call a person. */
function Needed({ ticket }: { ticket: Ticket }): JSX.Element {
  const desk = useDesk();
  const problem = useSignal("");
  const mark = async (needed: boolean): Promise<void> => {
    problem.value = "";
    try {
      await desk.actions.setNeeded(needed);
    } catch (error) {
      if (!(error instanceof DeskError)) throw error;
      problem.value = error.message;
    }
  };
  return (
    <div class="needed" role="group" aria-label="Was a person needed?">
      <span>Was a person needed?</span>
      <button class="button small" type="button" aria-pressed={ticket.needed === true} onClick={() => void mark(true)}>
        Needed
      </button>
      <button class="button small" type="button" aria-pressed={ticket.needed === false} onClick={() => void mark(false)}>
        Not needed
      </button>
      {problem.value && (
        <p class="problem" role="alert">
          {problem.value}
        </p>
      )}
    </div>
  );
}

/** What is left of the bot's slots when the answers above are taken away. */
function Slots({ brief }: { brief: Brief }): JSX.Element | null {
  const said = new Set(brief.asked_and_answered.map(({ question }) => question));
  const filled = Object.entries(brief.slots).filter(([name, value]) => value !== null && value !== "" && !said.has(sentence(name)));
  if (!filled.length) return null;
  return (
    <Section title="What the bot noted down">
      <dl class="slots">
        {filled.map(([name, value]) => (
          <div key={name}>
            <dt>{sentence(name)}</dt>
            <dd>{typeof value === "string" ? value : JSON.stringify(value)}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
