import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Icon } from "./Icon";
import { useDesk } from "./context";

const SHOWN_MS = 7_000;

export function Toast(): JSX.Element {
  const { toast } = useDesk();
  const text = toast.value;
  useEffect(() => {
    if (!text) return;
    const timer = setTimeout(() => (toast.value = null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [text, toast]);
  return (
    <div role="status" class="toast-place">
      {text && (
        <p class="toast">
          {text}
          <button class="button ghost icon-only" type="button" aria-label="Dismiss" onClick={() => (toast.value = null)}>
            <Icon name="close" />
          </button>
        </p>
      )}
    </div>
  );
}
