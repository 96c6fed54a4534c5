import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { DeskError } from "../api/errors";
import { useAgent, useApp, useDesk } from "./context";

/** Online: conversations may be given to this agent. Away: none are. */
export function PresenceSwitch(): JSX.Element {
  const { session } = useApp();
  const desk = useDesk();
  const { present } = useAgent();
  const busy = useSignal(false);

  const toggle = async (): Promise<void> => {
    busy.value = true;
    try {
      await session.setPresence(!present);
      desk.say(present ? "You are away. No new conversations will come to you." : "You are online.");
    } catch (error) {
      if (!(error instanceof DeskError)) throw error;
      desk.say(`That didn't work: ${error.message}`);
    } finally {
      busy.value = false;
    }
  };

  return (
    <button
      class={`presence ${present ? "online" : "away"}`}
      type="button"
      aria-disabled={busy.value}
      title={present ? "You are online. Press to go away." : "You are away. Press to come online."}
      onClick={() => void (busy.value || toggle())}
    >
      <span class="presence-dot" />
      {present ? "Online" : "Away"}
      <span class="sr-only">{present ? ", press to go away" : ", press to come online"}</span>
    </button>
  );
}
