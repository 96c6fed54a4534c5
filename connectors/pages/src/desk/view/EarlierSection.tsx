import type { JSX } from "preact";
import type { Brief } from "../../shared/wire";
import { shortDay } from "../words/orders";
import { Section } from "./Section";
import { locale } from "./locale";

export function EarlierSection({ earlier }: { earlier: Brief["earlier"] }): JSX.Element | null {
  if (!earlier.length) return null;
  return (
    <Section title="Earlier cases">
      <ul class="earlier">
        {earlier.map((one) => (
          <li key={one.case}>
            <span class="muted">
              Case {one.case}, ended {shortDay(one.ended_at, locale)}
            </span>
            <span>{one.summary}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
