import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { DeskError } from "../../api/errors";
import { Icon } from "../Icon";
import { submitWithCtrlEnter } from "../submitWithCtrlEnter";

interface Props {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}

/** A modal dialog: the browser keeps the focus inside, closes it on Escape and gives the focus back. */
export function Dialog({ title, onClose, children }: Props): JSX.Element {
  const box = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog ref={box} aria-labelledby={titleId} onClose={onClose} onClick={(event) => event.target === box.current && onClose()}>
      <div class="dialog">
        <header class="dialog-head">
          <h2 id={titleId}>{title}</h2>
          <button class="button ghost icon-only" type="button" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

interface FormProps extends Props {
  /** The verb on the button that does it. */
  verb: string;
  ready?: boolean;
  /** May throw a DeskError: its words are shown, and nothing typed is lost. */
  onSubmit: () => Promise<void>;
}

/** A dialog that asks for something and then does it. */
export function FormDialog({ title, onClose, children, verb, ready = true, onSubmit }: FormProps): JSX.Element {
  const busy = useSignal(false);
  const problem = useSignal("");
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy.value || !ready) return;
    busy.value = true;
    problem.value = "";
    try {
      await onSubmit();
      onClose();
    } catch (error) {
      if (!(error instanceof DeskError)) throw error;
      problem.value = error.message;
    } finally {
      busy.value = false;
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} onKeyDown={submitWithCtrlEnter}>
        {children}
        <div role="alert">{problem.value && <p class="notice bad">{problem.value}</p>}</div>
        <footer class="dialog-foot">
          <button class="button" type="button" onClick={onClose}>
            Cancel
          </button>
          <button class="button primary" type="submit" disabled={busy.value || !ready}>
            {verb}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
