import { useSignal } from "@preact/signals";
import { DeskError } from "../api/errors";
import { useAgent, useApp, useDesk } from "./context";

/** The agent's own switch: online, conversations may be given to them; away, none are. */
export function usePresence(): { present: boolean; awayReason: string | null; toggle: () => void } {
  const { session } = useApp();
  const desk = useDesk();
  const { present, away_reason: awayReason } = useAgent();
  const busy = useSignal(false);

  const change = async (): Promise<void> => {
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
  return { present, awayReason, toggle: () => void (busy.value || change()) };
}
