import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useAgent, useDesk } from "../context";
import { FormDialog } from "./Dialog";

const SHORTEST = 10;
const LONGEST = 200;

/** The agent's own new password. */
export function PasswordDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const desk = useDesk();
  const agent = useAgent();
  const current = useSignal("");
  const next = useSignal("");
  const isShort = next.value.length > 0 && next.value.length < SHORTEST;

  const change = async (): Promise<void> => {
    await desk.parts.http.changePassword(current.value, next.value);
    desk.say("Your password is changed. Wherever else you were signed in, you are signed out.");
  };

  return (
    <FormDialog
      title="Change password"
      verb="Change password"
      ready={current.value !== "" && next.value.length >= SHORTEST}
      onClose={onClose}
      onSubmit={change}
    >
      <p class="muted">You stay signed in here and are signed out everywhere else.</p>
      <input class="sr-only" type="email" autocomplete="username" aria-hidden="true" tabIndex={-1} readOnly value={agent.email} />
      <label class="field">
        <span>Current password</span>
        <input
          type="password"
          autocomplete="current-password"
          required
          maxLength={LONGEST}
          value={current.value}
          onInput={(event) => (current.value = event.currentTarget.value)}
        />
      </label>
      <label class="field">
        <span>
          New password <span class="muted">At least {SHORTEST} characters</span>
        </span>
        <input
          type="password"
          autocomplete="new-password"
          required
          minLength={SHORTEST}
          maxLength={LONGEST}
          aria-invalid={isShort}
          value={next.value}
          onInput={(event) => (next.value = event.currentTarget.value)}
        />
      </label>
    </FormDialog>
  );
}
