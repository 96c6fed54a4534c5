import { useSignal } from "@preact/signals";
import type { JSX, TargetedSubmitEvent } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { DeskError } from "../api/errors";
import { Brand } from "./Brand";
import { useApp } from "./context";

export function SignIn(): JSX.Element {
  const { session } = useApp();
  return (
    <main class="signin">
      <section class="signin-card">
        <Brand />
        <h1>Sign in to the desk</h1>
        {session.reason.value && (
          <p class="notice info" role="status">
            {session.reason.value}
          </p>
        )}
        <Credentials />
      </section>
    </main>
  );
}

function Credentials(): JSX.Element {
  const { session } = useApp();
  const email = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const busy = useSignal(false);
  const problem = useSignal("");

  useEffect(() => {
    const next = email.current?.value ? password : email;
    next.current?.focus();
  }, []);

  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    busy.value = true;
    problem.value = "";
    try {
      await session.signIn(String(form.get("email")).trim(), String(form.get("password")));
    } catch (error) {
      if (!(error instanceof DeskError)) throw error;
      problem.value = error.message;
      password.current?.select();
    } finally {
      busy.value = false;
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} class="signin-form">
      <label class="field">
        <span>E-mail</span>
        <input
          name="email"
          type="email"
          autocomplete="username"
          required
          ref={email}
          defaultValue={session.agent.value?.email ?? ""}
          aria-describedby={problem.value ? "signin-problem" : undefined}
        />
      </label>
      <label class="field">
        <span>Password</span>
        <input
          ref={password}
          name="password"
          type="password"
          autocomplete="current-password"
          required
          aria-invalid={problem.value !== ""}
          aria-describedby={problem.value ? "signin-problem" : undefined}
        />
      </label>
      <div role="alert" id="signin-problem">
        {problem.value && <p class="notice bad">{problem.value}</p>}
      </div>
      <button class="button primary wide" type="submit" disabled={busy.value}>
        {busy.value ? "Signing in…" : "Sign in"}
      </button>
    </form>
  );
}
