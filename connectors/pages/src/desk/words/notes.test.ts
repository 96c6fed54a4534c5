import { describe, expect, test } from "vitest";
import type { Note } from "../../shared/wire";
import { ana, ben, message } from "../testing/people";
import { freshNote } from "./notes";

const note = (agent: typeof ana, second: number): Note => ({
  id: `n_${second}`,
  agent: { id: agent.id, name: agent.name },
  text: "She wants the blue one.",
  at: new Date(Date.UTC(2026, 2, 10, 9, 0, second)).toISOString(),
});

describe("the note that is read first", () => {
  test("is a colleague's, when the conversation was passed on with it", () => {
    expect(freshNote([note(ben, 1), note(ana, 5)], [message(2), message(4, { author: "agent" })], ben.id)).toEqual(note(ana, 5));
  });

  test("is not one's own", () => {
    expect(freshNote([note(ana, 5)], [], ana.id)).toBeNull();
  });

  test("has been read once an agent has answered since", () => {
    expect(freshNote([note(ana, 5)], [message(6, { author: "agent" })], ben.id)).toBeNull();
    expect(freshNote([note(ana, 5)], [message(6), message(7, { author: "bot" })], ben.id)).not.toBeNull();
  });

  test("is nothing where there is none", () => {
    expect(freshNote([], [], ana.id)).toBeNull();
  });
});
