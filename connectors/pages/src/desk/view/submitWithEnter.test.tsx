// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { submitWithEnter } from "./submitWithEnter";

const submitted = vi.fn((event: Event) => event.preventDefault());

beforeEach(() => {
  submitted.mockClear();
  render(
    <form onSubmit={submitted} onKeyDown={submitWithEnter}>
      <textarea aria-label="Note" />
      <button type="button">Dismiss</button>
    </form>,
  );
});

afterEach(cleanup);

test.each([{}, { ctrlKey: true }, { metaKey: true }])("Enter keeps the note, with Ctrl as well: %o", (keys) => {
  fireEvent.keyDown(screen.getByLabelText("Note"), { key: "Enter", ...keys });
  expect(submitted).toHaveBeenCalledOnce();
});

test.each([{ shiftKey: true }, { isComposing: true }])("Enter that means something else does not: %o", (keys) => {
  fireEvent.keyDown(screen.getByLabelText("Note"), { key: "Enter", ...keys });
  expect(submitted).not.toHaveBeenCalled();
});

test("on a button Enter is the button's", () => {
  fireEvent.keyDown(screen.getByText("Dismiss"), { key: "Enter" });
  expect(submitted).not.toHaveBeenCalled();
});
