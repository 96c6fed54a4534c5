import type { ReadonlySignal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Agent } from "../../shared/wire";
import type { Alerts } from "../state/alerts";
import type { Clock } from "../state/clock";
import type { Desk } from "../state/desk";
import type { Preferences } from "../state/preferences";
import type { Session } from "../state/session";

/** What every part of the page may ask for. */
export interface AppParts {
  session: Session;
  desk: ReadonlySignal<Desk | null>;
  preferences: Preferences;
  alerts: Alerts;
  clock: Clock;
}

export const AppContext = createContext<AppParts | null>(null);

export function useApp(): AppParts {
  const parts = useContext(AppContext);
  if (!parts) throw new Error("useApp outside of AppContext");
  return parts;
}

/** The signed-in agent's desk; only for parts that are shown to the signed-in. */
export function useDesk(): Desk {
  const desk = useApp().desk.value;
  if (!desk) throw new Error("useDesk while nobody is signed in");
  return desk;
}

export function useAgent(): Agent {
  const agent = useApp().session.agent.value;
  if (!agent) throw new Error("useAgent while nobody is signed in");
  return agent;
}
