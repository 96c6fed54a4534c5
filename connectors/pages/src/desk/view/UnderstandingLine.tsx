import type { JSX } from "preact";
import type { Understanding } from "../../shared/wire";
import { readingOf } from "../words/understanding";

/** What the bot made of a customer's message: quiet, beside it. */
export function UnderstandingLine({ understanding }: { understanding: Understanding }): JSX.Element {
  const reading = readingOf(understanding);
  return (
    <p class="understanding">
      <span class="sr-only">The bot understood: </span>
      <span class={reading.unsure ? "unsure" : ""}>
        {reading.intent}
        {reading.confidence !== null && <span class="percent"> {reading.confidence} %</span>}
        {reading.unsure && <span class="sr-only"> (unsure)</span>}
      </span>
      {reading.entities.map((entity) => (
        <span class="entity" key={`${entity.name} ${entity.value}`} title={entity.name}>
          <span class="sr-only">{entity.name}: </span>
          {entity.value}
        </span>
      ))}
      {reading.frustration && (
        <span class={reading.frustration.frustrated ? "upset" : "tense"}>Frustration {reading.frustration.percent} %</span>
      )}
    </p>
  );
}
