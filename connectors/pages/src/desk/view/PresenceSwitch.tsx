import type { JSX } from "preact";
import { usePresence } from "./presence";

const AWAY = "You are away: nothing new comes to you, and customers may read that nobody is here.";

export function PresenceSwitch(): JSX.Element {
  const { present, toggle } = usePresence();
  return (
    <button
      class={`presence ${present ? "online" : "away"}`}
      type="button"
      title={present ? "You are online. Press to go away." : "You are away. Press to come online."}
      onClick={toggle}
    >
      <span class="presence-dot" />
      {present ? "Online" : "Away"}
      <span class="sr-only">{present ? ", press to go away" : ", press to come online"}</span>
    </button>
  );
}

/** Agents forget that they are away, and customers are told that nobody is here. */
export function AwayHint(): JSX.Element | null {
  const { present, awayReason, toggle } = usePresence();
  if (present) return null;
  return (
    <div class="away-hint">
      <p>{awayReason ?? AWAY}</p>
      <button class="button small" type="button" onClick={toggle}>
        Come online
      </button>
    </div>
  );
}
