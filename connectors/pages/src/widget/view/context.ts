import type { ReadonlySignal, Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { WidgetConfig } from "../config";
import type { ChatSession } from "../session/session";
import type { Language } from "../texts";

/** What every part of the widget may use. */
export interface Chat {
  session: ChatSession;
  config: WidgetConfig;
  language: Language;
  open: Signal<boolean>;
  /** On a phone the panel covers the page. */
  phone: ReadonlySignal<boolean>;
  /** What is being written, kept when the panel closes. */
  draft: Signal<string>;
}

export const ChatContext = createContext<Chat | null>(null);

export function useChat(): Chat {
  const chat = useContext(ChatContext);
  if (!chat) throw new Error("A part of the widget was drawn outside of it.");
  return chat;
}
