import type { JSX } from "preact";
import { Brand } from "./Brand";
import { useAgent, useApp } from "./context";

/** Signed in with a role that answers no customers. */
export function NoDesk(): JSX.Element {
  const { session } = useApp();
  const { email } = useAgent();
  return (
    <main class="signin">
      <section class="signin-card">
        <Brand />
        <h1>No desk for this account</h1>
        <p class="muted">{email} looks after what the bot says. Customers are answered by agents, supervisors and admins.</p>
        <button class="button wide" type="button" onClick={() => void session.signOut()}>
          Sign out
        </button>
      </section>
    </main>
  );
}
