import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { createPortal } from "preact/compat";
import { DeskError } from "../api/errors";
import type { Choices } from "../state/preferences";
import { initials, roleName } from "../words/people";
import { useAgent, useApp, useDesk } from "./context";
import { CalibrationDialog } from "./dialogs/CalibrationDialog";
import { MissedDialog } from "./dialogs/MissedDialog";
import { PasswordDialog } from "./dialogs/PasswordDialog";

const THEMES: { value: Choices["theme"]; name: string }[] = [
  { value: "system", name: "As the computer" },
  { value: "light", name: "Light" },
  { value: "dark", name: "Dark" },
];

/** Who is signed in, their choices on this computer, and the way out. */
export function SettingsMenu(): JSX.Element {
  const agent = useAgent();
  return (
    <>
      <button class="avatar me" type="button" popovertarget="settings" title={agent.name}>
        {initials(agent.name)}
        <span class="sr-only">, {agent.name}: settings and sign out</span>
      </button>
      <div class="menu" id="settings" popover="auto">
        <p class="menu-who">
          <strong>{agent.name}</strong>
          <span class="muted">{agent.email}</span>
          <span class="muted">{roleName(agent.role)}</span>
        </p>
        <CallChoices />
        <ThemeChoice />
        <OwnAccount />
        <SignOut />
      </div>
    </>
  );
}

type Asking = "missed" | "calibration" | "password" | null;

function OwnAccount(): JSX.Element {
  const asking = useSignal<Asking>(null);
  const close = (): void => void (asking.value = null);
  const ask = (what: Asking): void => {
    document.getElementById("settings")?.hidePopover();
    asking.value = what;
  };
  return (
    <div class="menu-group menu-buttons">
      <button class="button wide" type="button" onClick={() => ask("missed")}>
        What you missed
      </button>
      <button class="button wide" type="button" onClick={() => ask("calibration")}>
        Was a person needed?
      </button>
      <button class="button wide" type="button" onClick={() => ask("password")}>
        Change password
      </button>
      {asking.value === "missed" && createPortal(<MissedDialog onClose={close} />, document.body)}
      {asking.value === "calibration" && createPortal(<CalibrationDialog onClose={close} />, document.body)}
      {asking.value === "password" && createPortal(<PasswordDialog onClose={close} />, document.body)}
    </div>
  );
}

function CallChoices(): JSX.Element {
  const { alerts, preferences } = useApp();
  const desk = useDesk();
  const { notifications, sound } = preferences.value;

  const chooseNotifications = async (on: boolean): Promise<void> => {
    const now = await alerts.chooseNotifications(on);
    if (on && !now) desk.say("The browser doesn't allow notifications for this page. Its site settings can change that.");
  };

  return (
    <fieldset class="menu-group">
      <legend>When I'm not looking</legend>
      <Check name="Show a notification" checked={notifications} onChange={(on) => void chooseNotifications(on)} />
      <Check name="Play a short sound" checked={sound} onChange={(on) => alerts.chooseSound(on)} />
    </fieldset>
  );
}

function ThemeChoice(): JSX.Element {
  const { preferences } = useApp();
  return (
    <fieldset class="menu-group">
      <legend>Colours</legend>
      {THEMES.map(({ value, name }) => (
        <label class="check" key={value}>
          <input
            type="radio"
            name="theme"
            checked={preferences.value.theme === value}
            onChange={() => preferences.choose({ theme: value })}
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}

function SignOut(): JSX.Element {
  const { session } = useApp();
  const desk = useDesk();

  const signOut = async (): Promise<void> => {
    try {
      await session.signOut();
      desk.forget();
    } catch (error) {
      if (!(error instanceof DeskError)) throw error;
      desk.say(`You are still signed in: ${error.message}`);
    }
  };

  return (
    <button class="button wide" type="button" onClick={() => void signOut()}>
      Sign out
    </button>
  );
}

function Check({ name, checked, onChange }: { name: string; checked: boolean; onChange: (on: boolean) => void }): JSX.Element {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      {name}
    </label>
  );
}
