/** Times as people read them, in their own locale and time zone. `at` is ISO 8601. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "14:05" or "2:05 PM". */
export function clockTime(at: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" }).format(new Date(at));
}

/** Day and time in full, for tooltips and screen readers. */
export function fullTime(at: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short" }).format(new Date(at));
}

/** Two times on the same local day have the same key. */
export function dayKey(at: string): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/** "Today", "Yesterday", "Monday, 3 March", with the year when it is not this one. */
export function dayName(at: string, now: Date, locale: string): string {
  const date = new Date(at);
  const days = calendarDaysBetween(date, now);
  if (days === 0 || days === 1) {
    return capitalised(new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-days, "day"), locale);
  }
  const year = date.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", year }).format(date);
}

/** "now", "5 min. ago", "2 hr. ago", "3 days ago". */
export function agoTime(at: string, now: Date, locale: string): string {
  const elapsed = Math.max(0, now.getTime() - new Date(at).getTime());
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  if (elapsed < MINUTE) return format.format(0, "second");
  if (elapsed < HOUR) return format.format(-Math.floor(elapsed / MINUTE), "minute");
  if (elapsed < DAY) return format.format(-Math.floor(elapsed / HOUR), "hour");
  return format.format(-Math.floor(elapsed / DAY), "day");
}

/** A moment as `<input type="datetime-local">` wants it: local, to the minute. */
export function inputTime(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * MINUTE).toISOString().slice(0, 16);
}

function calendarDaysBetween(earlier: Date, later: Date): number {
  const midnight = (date: Date): number => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((midnight(later) - midnight(earlier)) / DAY);
}

function capitalised(text: string, locale: string): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}
