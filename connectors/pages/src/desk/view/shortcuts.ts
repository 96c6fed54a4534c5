import { useEffect } from "preact/hooks";
import type { Desk } from "../state/desk";
import { TABS } from "../state/lists";
import { useApp, useDesk } from "./context";

/** What each key does, as the help shows it. */
export const SHORTCUTS: { keys: string[]; does: string }[] = [
  { keys: ["j", "↓"], does: "Next conversation in the list" },
  { keys: ["k", "↑"], does: "Previous conversation in the list" },
  { keys: ["Enter"], does: "Open it" },
  { keys: ["1", "–", "6"], does: "Switch between the lists" },
  { keys: ["/"], does: "Search" },
  { keys: ["c"], does: "Claim the open conversation, or the one in focus" },
  { keys: ["r"], does: "Write a reply" },
  { keys: ["n"], does: "Write a note" },
  { keys: ["Ctrl", "Enter"], does: "Save the note, or do what the dialog asks" },
  { keys: ["Esc"], does: "Leave the text box, close what is in front" },
  { keys: ["?"], does: "Show this help" },
];

/** Single-key shortcuts for the whole desk. They rest while text is typed, a dialog is open, or the agent turned them off. */
export function useShortcuts(onHelp: () => void): void {
  const desk = useDesk();
  const { preferences } = useApp();
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key === "Escape") return leaveText();
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping() || document.querySelector("dialog[open]")) return;
      const isArrow = event.key === "ArrowDown" || event.key === "ArrowUp";
      if (isArrow ? !document.activeElement?.closest(".list") : !preferences.value.singleKeys) return;
      if (event.key === "?") onHelp();
      else if (!act(desk, event.key)) return;
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [desk, preferences, onHelp]);
}

/** Returns whether the key meant something. */
function act(desk: Desk, key: string): boolean {
  if (key === "j" || key === "ArrowDown") return step(1);
  if (key === "k" || key === "ArrowUp") return step(-1);
  if (key === "c") return claim(desk);
  if (key === "r") return focus("reply");
  if (key === "n") return focus("note");
  if (key === "/") return focus("search");
  const tab = TABS[Number(key) - 1];
  if (!tab) return false;
  desk.go({ tab });
  return true;
}

function step(by: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLAnchorElement>(".list a.row")];
  const focused = rows.findIndex((row) => row === document.activeElement);
  const from = focused >= 0 ? focused : rows.findIndex((row) => row.getAttribute("aria-current") === "true");
  const next = rows[Math.min(rows.length - 1, Math.max(0, from + by))];
  next?.focus();
  return next !== undefined;
}

function claim(desk: Desk): boolean {
  const focused = document.activeElement?.closest<HTMLElement>("a.row")?.dataset.id;
  const id = focused ?? desk.current.value?.id;
  if (id) void desk.claim(id);
  return id !== undefined;
}

function focus(id: string): boolean {
  const box = document.getElementById(id);
  box?.focus();
  return box !== null;
}

function isTyping(): boolean {
  const active = document.activeElement;
  return active instanceof HTMLTextAreaElement || active instanceof HTMLSelectElement || isTextInput(active);
}

function isTextInput(element: Element | null): boolean {
  return element instanceof HTMLInputElement && element.type !== "checkbox" && element.type !== "radio";
}

function leaveText(): void {
  if (isTyping() && !document.querySelector("dialog[open]")) (document.activeElement as HTMLElement).blur();
}
