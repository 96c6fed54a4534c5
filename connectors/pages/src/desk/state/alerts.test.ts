import { beforeEach, describe, expect, test } from "vitest";
import { MemoryStorage } from "../testing/memory_storage";
import { Alerts, type Bells } from "./alerts";
import { Preferences } from "./preferences";

describe("alerts", () => {
  const rung: string[] = [];
  let isLooking: boolean;
  let isAllowed: boolean;
  let preferences: Preferences;
  const bells: Bells = {
    notify: (title) => void rung.push(title),
    chime: () => void rung.push("chime"),
    allowNotifications: async () => isAllowed,
    looking: () => isLooking,
  };

  beforeEach(() => {
    rung.length = 0;
    isLooking = false;
    isAllowed = true;
    preferences = new Preferences(new MemoryStorage());
  });

  test("stay silent until the agent asks for them", () => {
    new Alerts(preferences, bells).call("Someone is waiting", "Maya", () => undefined);
    expect(rung).toEqual([]);
  });

  test("stay silent while the agent is looking", () => {
    preferences.choose({ notifications: true, sound: true });
    isLooking = true;
    new Alerts(preferences, bells).call("Someone is waiting", "Maya", () => undefined);
    expect(rung).toEqual([]);
  });

  test("use what was chosen", () => {
    preferences.choose({ notifications: true, sound: true });
    new Alerts(preferences, bells).call("Someone is waiting", "Maya", () => undefined);
    expect(rung).toEqual(["Someone is waiting", "chime"]);
  });

  test("are not on when the browser says no", async () => {
    isAllowed = false;
    expect(await new Alerts(preferences, bells).chooseNotifications(true)).toBe(false);
    expect(preferences.value.notifications).toBe(false);
  });

  test("let the sound be heard when it is chosen", () => {
    new Alerts(preferences, bells).chooseSound(true);
    expect(rung).toEqual(["chime"]);
  });
});
