import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { TypingSignal } from "./typing";

describe("typing", () => {
  let said: string[];
  let typing: TypingSignal;

  beforeEach(() => {
    vi.useFakeTimers({ now: 10_000 });
    said = [];
    typing = new TypingSignal((id, on) => void said.push(`${id} ${on ? "on" : "off"}`));
  });
  afterEach(() => vi.useRealTimers());

  test("many keys are one word of it every three seconds", () => {
    typing.key("c_maya");
    typing.key("c_maya");
    vi.advanceTimersByTime(3_000);
    typing.key("c_maya");
    expect(said).toEqual(["c_maya on", "c_maya on"]);
  });

  test("a pause of five seconds ends it", () => {
    typing.key("c_maya");
    vi.advanceTimersByTime(5_000);
    expect(said).toEqual(["c_maya on", "c_maya off"]);
  });

  test("turning to another conversation ends it in the first", () => {
    typing.key("c_maya");
    typing.key("c_omar");
    expect(said).toEqual(["c_maya on", "c_maya off", "c_omar on"]);
  });

  test("stopping without having begun says nothing", () => {
    typing.stop();
    expect(said).toEqual([]);
  });
});
