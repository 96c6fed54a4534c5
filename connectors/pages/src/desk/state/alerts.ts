import type { Preferences } from "./preferences";

/** What the browser can do to call an agent back to the desk. */
export interface Bells {
  notify(title: string, body: string, onClick: () => void): void;
  chime(): void;
  /** Asks the browser's permission; only ever called from a click. */
  allowNotifications(): Promise<boolean>;
  looking(): boolean;
}

/** Calls the agent when something waits and they are not looking, if they asked for it. */
export class Alerts {
  constructor(
    private readonly preferences: Preferences,
    private readonly bells: Bells,
  ) {}

  call(title: string, body: string, onClick: () => void): void {
    if (this.bells.looking()) return;
    if (this.preferences.value.notifications) this.bells.notify(title, body, onClick);
    if (this.preferences.value.sound) this.bells.chime();
  }

  /** Returns whether notifications are on afterwards: the browser may refuse. */
  async chooseNotifications(on: boolean): Promise<boolean> {
    const allowed = on && (await this.bells.allowNotifications());
    this.preferences.choose({ notifications: allowed });
    return allowed;
  }

  chooseSound(on: boolean): void {
    this.preferences.choose({ sound: on });
    // Heard at once, so that the volume can be judged; and the click unlocks audio in this page.
    if (on) this.bells.chime();
  }
}

export class BrowserBells implements Bells {
  private audio: AudioContext | null = null;

  notify(title: string, body: string, onClick: () => void): void {
    if (!("Notification" in window) || Notification.permission !== "granted") return;
    const shown = new Notification(title, { body, tag: title });
    shown.onclick = () => {
      window.focus();
      onClick();
      shown.close();
    };
  }

  chime(): void {
    this.audio ??= new AudioContext();
    // Without a gesture in this page the browser keeps it suspended, which is silence rather than an error.
    void this.audio.resume();
    playTwoNotes(this.audio);
  }

  async allowNotifications(): Promise<boolean> {
    if (!("Notification" in window)) return false;
    return (await Notification.requestPermission()) === "granted";
  }

  looking(): boolean {
    return document.visibilityState === "visible" && document.hasFocus();
  }
}

function playTwoNotes(audio: AudioContext): void {
  [660, 880].forEach((frequency, index) => {
    const start = audio.currentTime + index * 0.14;
    const tone = new OscillatorNode(audio, { frequency });
    const volume = new GainNode(audio, { gain: 0 });
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(0.12, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.3);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.32);
  });
}
