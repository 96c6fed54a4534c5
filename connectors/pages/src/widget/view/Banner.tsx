import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Connection } from "../session/session";
import { useChat } from "./context";
import { DoneIcon, OfflineIcon } from "./icons";

type Shown = "offline" | "reconnecting" | "back" | null;

/** A hiccup shorter than this is nobody's business. */
const HICCUP_MS = 1_500;
const BACK_SHOWN_MS = 4_000;

/** Tells of a lost connection, and of its return. */
export function Banner(): JSX.Element {
  const { session, language } = useChat();
  const shown = useShown(session.connection.value);
  return (
    <div role="status" class="banner-place">
      {shown && (
        <p class={`banner ${shown}`}>
          {shown === "back" ? <DoneIcon /> : <OfflineIcon />}
          <span>{language.texts[shown]}</span>
        </p>
      )}
    </div>
  );
}

function useShown(connection: Connection): Shown {
  const [shown, setShown] = useState<Shown>(null);
  const previous = useRef<Shown>(null);
  previous.current = shown;
  useEffect(() => {
    const lost = previous.current !== null && previous.current !== "back";
    const [next, delay] = nextShown(connection, lost);
    if (next === "back") setShown("back");
    const timer = setTimeout(() => setShown(next === "back" ? null : next), delay);
    return () => clearTimeout(timer);
  }, [connection]);
  return shown;
}

function nextShown(connection: Connection, lost: boolean): [shown: Shown, afterMilliseconds: number] {
  if (connection === "offline") return ["offline", 0];
  if (connection === "reconnecting") return ["reconnecting", lost ? 0 : HICCUP_MS];
  return lost ? ["back", BACK_SHOWN_MS] : [null, 0];
}
