import type { JSX } from "preact";
import { clockTime, fullTime } from "../../shared/time";
import { shortDay } from "../words/orders";
import { useApp } from "./context";
import { locale } from "./locale";

/** A time of day, with its day unless that is today; the whole date is in its tooltip. */
export function When({ at }: { at: string }): JSX.Element {
  const { clock } = useApp();
  const isToday = new Date(at).toDateString() === new Date(clock.now.value).toDateString();
  return (
    <time class="time" dateTime={at} title={fullTime(at, locale)}>
      {isToday ? clockTime(at, locale) : `${shortDay(at, locale)}, ${clockTime(at, locale)}`}
    </time>
  );
}
