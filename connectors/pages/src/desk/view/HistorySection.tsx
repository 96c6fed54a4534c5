import type { JSX } from "preact";
import { fullTime } from "../../shared/time";
import type { HistoryStep } from "../../shared/wire";
import { whenBack } from "../words/snooze";
import { Section } from "./Section";
import { When } from "./When";
import { locale } from "./locale";

/** Who took it, who let it go, and what ran out. */
export function HistorySection({ history }: { history: HistoryStep[] }): JSX.Element | null {
  if (!history.length) return null;
  return (
    <Section title="At the desk">
      <ol class="history">
        {history.map((step, index) => (
          <li key={index}>
            <span>
              {step.text}
              {step.until && (
                <span class="muted" title={fullTime(step.until, locale)}>
                  {" "}
                  To be back {whenBack(new Date(step.until), new Date(step.at), locale)}.
                </span>
              )}
            </span>
            <When at={step.at} />
          </li>
        ))}
      </ol>
    </Section>
  );
}
