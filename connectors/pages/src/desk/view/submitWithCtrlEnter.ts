import type { TargetedKeyboardEvent } from "preact";

/** For forms of several lines, where Enter alone starts a new one. */
export function submitWithCtrlEnter(event: TargetedKeyboardEvent<HTMLFormElement>): void {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  event.preventDefault();
  event.currentTarget.requestSubmit();
}
