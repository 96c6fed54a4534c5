import type { Calibration, Tally } from "../../shared/wire";

/** "8 of 10 judged were needed"; nothing judged is said, not shown as 0 %. */
export function verdictOf({ needed, not_needed }: Tally): string {
  const judged = needed + not_needed;
  return judged === 0 ? "none judged yet" : `${needed} of ${judged} judged ${judged === 1 ? "was" : "were"} needed`;
}

/** A range of scores: "3 to under 5", "9 and more". */
export function bandName({ low, high }: { low: number; high: number | null }): string {
  if (high === null) return `${low} and more`;
  return low === 0 ? `under ${high}` : `${low} to under ${high}`;
}

/** What became of the bot's offers of a person. */
export function offersLine({ offers, offers_taken }: Calibration): string {
  if (offers === 0) return "The bot has offered a person to nobody.";
  return `The bot has offered a person ${offers === 1 ? "once" : `${offers} times`}; ${offers_taken} said yes.`;
}
