import type { DeskPromise } from "../../shared/wire";

/** What was promised, as the agent reads it. */
export function promiseText(promise: DeskPromise): string {
  return promise.kind === "answer" ? "An answer in the chat" : promise.text;
}

/** When it is due: with the weekday, since it may be next week. */
export function dueWords(promise: DeskPromise, locale: string): string {
  const format = { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" } as const;
  const when = new Intl.DateTimeFormat(locale, format).format(new Date(promise.due_at));
  if (promise.state === "broken") return `Was due ${when}`;
  return promise.state === "soon" ? `Due soon: ${when}` : `Due ${when}`;
}

/** What is said aloud when it comes near, or is late. */
export function promiseAlarm(promise: DeskPromise): string {
  const whom = promise.customer ?? promise.ticket ?? "a customer";
  const what = promise.kind === "answer" ? "an answer" : `“${promise.text}”`;
  return promise.state === "broken" ? `Overdue: ${what}, promised to ${whom}.` : `Due soon: ${what}, promised to ${whom}.`;
}
