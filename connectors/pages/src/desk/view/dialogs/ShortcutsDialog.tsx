import type { JSX } from "preact";
import { useApp } from "../context";
import { SHORTCUTS } from "../shortcuts";
import { Dialog } from "./Dialog";

export function ShortcutsDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const { preferences } = useApp();
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl class="shortcuts">
        {SHORTCUTS.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input
          type="checkbox"
          checked={preferences.value.singleKeys}
          onChange={(event) => preferences.choose({ singleKeys: event.currentTarget.checked })}
        />
        Use single-key shortcuts
      </label>
    </Dialog>
  );
}
