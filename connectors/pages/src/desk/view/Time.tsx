import type { JSX } from "preact";
import { clockTime, fullTime } from "../../shared/time";
import { locale } from "./locale";

/** A time of day; the whole date is in its tooltip. */
export function Time({ at }: { at: string }): JSX.Element {
  return (
    <time class="time" dateTime={at} title={fullTime(at, locale)}>
      {clockTime(at, locale)}
    </time>
  );
}
