import type { TargetedKeyboardEvent } from "preact";

/** As in the composer: Enter submits, with Ctrl as well, and Shift+Enter starts a new line. */
export function submitWithEnter(event: TargetedKeyboardEvent<HTMLFormElement>): void {
  // Enter that finishes a word in an input method is not Enter, and on a button it is the button's.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || !(event.target instanceof HTMLTextAreaElement)) return;
  event.preventDefault();
  event.currentTarget.requestSubmit();
}
