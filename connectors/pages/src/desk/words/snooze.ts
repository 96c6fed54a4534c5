/** Times to snooze until, in the agent's own time zone: the browser's. */

const HOUR_MS = 3_600_000;
const MORNING = 9;

export interface Preset {
  name: string;
  until: Date;
}

/** What is offered at `now`: each lies in the future, and no two are the same moment. */
export function presets(now: Date): Preset[] {
  const offered = [
    { name: "In an hour", until: inHours(now, 1) },
    { name: "In three hours", until: inHours(now, 3) },
    { name: "Tomorrow morning", until: morning(now, 1) },
    { name: "Next Monday morning", until: morning(now, daysToMonday(now)) },
  ];
  return offered.filter(({ until }, at) => offered.findIndex((other) => other.until.getTime() === until.getTime()) === at);
}

/** "2026-03-11T09:00", as a date field wants it, in local time. */
export function fieldValue(at: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The moment a date field names, or null while it is empty or incomplete. */
export function momentOf(field: string): Date | null {
  const at = new Date(field);
  return field && Number.isFinite(at.getTime()) ? at : null;
}

/** "at 3:00 PM", "tomorrow at 9:00 AM", "on Monday, March 16 at 9:00 AM". */
export function whenBack(until: Date, now: Date, locale: string): string {
  const clock = new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" }).format(until);
  if (sameDay(until, now)) return `at ${clock}`;
  if (sameDay(until, morning(now, 1))) return `tomorrow at ${clock}`;
  const day = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" }).format(until);
  return `on ${day} at ${clock}`;
}

/** "America/Los_Angeles" reads "Los Angeles time". */
export function zoneName(): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return `${(zone.split("/").at(-1) ?? zone).replaceAll("_", " ")} time`;
}

function inHours(now: Date, hours: number): Date {
  return new Date(Math.ceil((now.getTime() + hours * HOUR_MS) / 60_000) * 60_000);
}

function morning(now: Date, days: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, MORNING);
}

function daysToMonday(now: Date): number {
  return (8 - now.getDay()) % 7 || 7;
}

function sameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString();
}
