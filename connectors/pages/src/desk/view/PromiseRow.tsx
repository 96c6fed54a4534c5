import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import type { DeskPromise } from "../../shared/wire";
import { DeskError } from "../api/errors";
import { dueWords, promiseText } from "../words/promises";
import { locale } from "./locale";
import { useDesk } from "./context";

/** One promise, and the two ways to be done with it. An answer is kept by answering. */
export function PromiseRow({ promise, children }: { promise: DeskPromise; children?: ComponentChildren }): JSX.Element {
  const desk = useDesk();
  const problem = useSignal("");
  const busy = useSignal(false);
  const settle = async (how: "kept" | "released"): Promise<void> => {
    busy.value = true;
    problem.value = "";
    try {
      await desk.promises.settle(promise.id, how);
    } catch (error) {
      if (!(error instanceof DeskError)) throw error;
      problem.value = error.message;
    } finally {
      busy.value = false;
    }
  };
  return (
    <li class={`promise ${promise.state}`}>
      <p class="promise-due">{dueWords(promise, locale)}</p>
      <p class="words">{promiseText(promise)}</p>
      {children}
      {promise.agent && <p class="muted">Promised by {promise.agent.name}</p>}
      <p class="promise-ways">
        <button class="button small" type="button" disabled={busy.value} onClick={() => void settle("kept")}>
          Done
        </button>
        <button class="button small ghost" type="button" disabled={busy.value} onClick={() => void settle("released")}>
          No longer needed
        </button>
      </p>
      {problem.value && (
        <p class="problem" role="alert">
          {problem.value}
        </p>
      )}
    </li>
  );
}
