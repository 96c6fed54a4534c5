import { computed, effect, signal, untracked, type ReadonlySignal } from "@preact/signals";
import { answersCustomers } from "../words/people";
import { Desk, type Parts } from "./desk";

/** The desk of whoever is signed in. The same agent coming back after an expired session finds it as it was. */
export function deskOf(parts: Parts): ReadonlySignal<Desk | null> {
  const desk = signal<Desk | null>(null);
  const signedIn = computed(() => {
    const agent = parts.session.agent.value;
    return parts.session.status.value === "in" && agent && answersCustomers(agent) ? agent.id : null;
  });
  effect(() => {
    const agentId = signedIn.value;
    untracked(() => {
      if (!agentId) return desk.value?.stop();
      if (desk.value?.agentId !== agentId) desk.value = new Desk(parts, agentId);
      desk.value?.start();
    });
  });
  return desk;
}
