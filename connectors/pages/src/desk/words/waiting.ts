const SECOND = 1_000;

/** How long, for a ticking clock: "0:09", "4:12", "1:05:00". Never negative. */
export function clockOf(milliseconds: number): string {
  const total = Math.max(0, Math.floor(milliseconds / SECOND));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = String(total % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${seconds}` : `${minutes}:${seconds}`;
}

/** The same for a screen reader, which should not read out seconds: "less than a minute", "4 minutes", "2 hours 5 minutes". */
export function spokenDuration(milliseconds: number): string {
  const minutes = Math.floor(Math.max(0, milliseconds) / (60 * SECOND));
  if (minutes < 1) return "less than a minute";
  const hours = Math.floor(minutes / 60);
  const parts = [hours && plural(hours, "hour"), minutes % 60 && plural(minutes % 60, "minute")];
  return parts.filter(Boolean).join(" ");
}

export type Patience = "fresh" | "long" | "too_long";

/** How a wait feels to the one who waits. */
export function patienceOf(milliseconds: number): Patience {
  if (milliseconds >= 600 * SECOND) return "too_long";
  return milliseconds >= 180 * SECOND ? "long" : "fresh";
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
