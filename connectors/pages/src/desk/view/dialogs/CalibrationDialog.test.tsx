// @vitest-environment happy-dom
import { signal } from "@preact/signals";
import { cleanup, configure, render, screen } from "@testing-library/preact";
import { afterEach, expect, test } from "vitest";
import type { Calibration, Tally } from "../../../shared/wire";
import type { Desk } from "../../state/desk";
import { AppContext, type AppParts } from "../context";
import { CalibrationDialog } from "./CalibrationDialog";

configure({ asyncUtilTimeout: 30_000 }); // a busy machine is no failure
afterEach(cleanup);

const NOT_COUNTED = /^Not counted are handoffs that nobody decided on: an agent stepped in, a fix did not work, or the bot was unavailable/;
const some: Tally = { decided: 7, needed: 3, not_needed: 1 };
const none: Tally = { decided: 0, needed: 0, not_needed: 0 };

function show(all: Tally): void {
  const calibration: Calibration = { since: "", all, reasons: [{ ...all, reason: "asked" }], scores: [], offers: 0, offers_taken: 0 };
  const desk = { parts: { http: { calibration: () => Promise.resolve(calibration) } } } as unknown as Desk;
  render(
    <AppContext.Provider value={{ desk: signal(desk) } as unknown as AppParts}>
      <CalibrationDialog onClose={() => undefined} />
    </AppContext.Provider>,
  );
}

test("the table says which handoffs it leaves out", async () => {
  show(some);
  expect(await screen.findByText(/^7 handoffs in the last 90 days, 3 of 4 judged were needed/)).toBeTruthy();
  expect(screen.getByText(NOT_COUNTED)).toBeTruthy();
});

test("so does a table with nothing in it", async () => {
  show(none);
  expect(await screen.findByText(/nothing to judge yet/)).toBeTruthy();
  expect(screen.getByText(NOT_COUNTED)).toBeTruthy();
});
