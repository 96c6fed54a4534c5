import type { JSX } from "preact";
import { Brand } from "./Brand";
import { Icon } from "./Icon";
import { PresenceSwitch } from "./PresenceSwitch";
import { PromisesButton } from "./PromisesButton";
import { SettingsMenu } from "./SettingsMenu";

export function TopBar({ onHelp }: { onHelp: () => void }): JSX.Element {
  return (
    <header class="topbar">
      <h1>
        <Brand />
      </h1>
      <div class="topbar-end">
        <PromisesButton />
        <PresenceSwitch />
        <button class="button ghost icon-only help" type="button" onClick={onHelp} aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)">
          <Icon name="keyboard" />
        </button>
        <SettingsMenu />
      </div>
    </header>
  );
}
