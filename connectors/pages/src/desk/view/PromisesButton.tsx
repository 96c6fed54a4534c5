import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Icon } from "./Icon";
import { useDesk } from "./context";
import { PromisesDialog } from "./dialogs/PromisesDialog";

/** How many promises are due soon or late, and the way to the list of all. */
export function PromisesButton(): JSX.Element {
  const { promises } = useDesk();
  const shown = useSignal(false);
  const open = promises.open.value.length;
  const pressing = promises.pressing.value;
  return (
    <>
      <button class="button ghost promises-button" type="button" onClick={() => (shown.value = true)}>
        <Icon name="clock" />
        <span class="promises-name">Promises</span>
        {open > 0 && (
          <span class={`count ${pressing ? "hot" : ""}`}>
            {open}
            <span class="sr-only"> open{pressing > 0 && `, ${pressing} due soon or late`}</span>
          </span>
        )}
      </button>
      {shown.value && <PromisesDialog onClose={() => (shown.value = false)} />}
    </>
  );
}
