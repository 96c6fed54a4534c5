import type { Understanding } from "../../shared/wire";
import { sentence } from "./handoff";

/** The bot's reading of one message, in words. */
export interface Reading {
  intent: string;
  /** Whole per cent, or null when the bot had none. */
  confidence: number | null;
  /** Below this the bot was guessing. */
  unsure: boolean;
  entities: { name: string; value: string }[];
  /** Only when there is something to notice. */
  frustration: { percent: number; frustrated: boolean } | null;
}

/** Intents whose names say little to an agent. */
const PLAIN_NAMES: Record<string, string> = {
  inform: "Gave details",
  affirm: "Yes",
  deny: "No",
  stop: "Never mind",
  nlu_fallback: "Not understood",
  out_of_scope: "Off topic",
  talk_to_human: "Wants a person",
  bot_challenge: "Asked if it's a bot",
  ask_capabilities: "Asked what the bot can do",
};

const UNSURE_BELOW = 0.6;
const CALM_BELOW = 0.35;

export function readingOf(understanding: Understanding): Reading {
  const { intent, faq, frustration } = understanding;
  return {
    intent: faq ? `FAQ: ${sentence(faq.replace(/^faq\//, ""))}` : intent ? (PLAIN_NAMES[intent.name] ?? sentence(intent.name)) : "Not understood",
    confidence: intent ? percent(intent.confidence) : null,
    unsure: !intent || intent.confidence < UNSURE_BELOW,
    entities: understanding.entities.map((one) => ({ name: sentence(one.entity), value: detail(String(one.value)) })),
    frustration: noticeable(frustration),
  };
}

/** "wool-throw" and "changed_mind" as words; numbers, addresses and whatever else stay as they are. */
function detail(value: string): string {
  return /^[a-z]+([-_][a-z]+)+$/.test(value) ? value.replace(/[-_]/g, " ") : value;
}

function noticeable(frustration: Understanding["frustration"]): Reading["frustration"] {
  if (!frustration || (!frustration.frustrated && frustration.score < CALM_BELOW)) return null;
  return { percent: percent(frustration.score), frustrated: frustration.frustrated };
}

function percent(share: number): number {
  return Math.round(share * 100);
}
