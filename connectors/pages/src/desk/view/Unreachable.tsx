import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { useApp } from "./context";
import { Brand } from "./Brand";

const RETRY_MS = 5_000;

/** The gateway does not answer and nobody knows yet who is here. Tries again by itself. */
export function Unreachable(): JSX.Element {
  const { session } = useApp();
  useEffect(() => {
    const timer = setInterval(() => void session.resume(), RETRY_MS);
    return () => clearInterval(timer);
  }, [session]);
  return (
    <main class="signin">
      <section class="signin-card" role="alert">
        <Brand />
        <h1>The desk can't be reached</h1>
        <p class="muted">{session.reason.value} It is tried again every few seconds.</p>
        <button class="button primary" type="button" onClick={() => void session.resume()}>
          Try again now
        </button>
      </section>
    </main>
  );
}
