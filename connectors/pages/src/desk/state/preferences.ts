import { Keep } from "./keep";

/** One person's choices on one computer. */
export interface Choices {
  theme: "system" | "light" | "dark";
  notifications: boolean;
  sound: boolean;
  /** Shortcuts of a single letter; WCAG 2.1.4 wants them to be switchable. */
  singleKeys: boolean;
}

const DEFAULTS: Choices = { theme: "system", notifications: false, sound: false, singleKeys: true };

export class Preferences {
  private readonly kept: Keep<Partial<Choices>>;

  constructor(storage: Storage) {
    this.kept = new Keep<Partial<Choices>>(storage, "frontdesk.preferences", {});
  }

  get value(): Choices {
    return { ...DEFAULTS, ...this.kept.value };
  }

  choose(choices: Partial<Choices>): void {
    this.kept.value = { ...this.kept.value, ...choices };
  }
}
