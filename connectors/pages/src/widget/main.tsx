import { effect, signal } from "@preact/signals";
import { render } from "preact";
import type {} from "./api";
import tokens from "../shared/tokens.css?inline";
import { accentFrom } from "./color";
import { readConfig, type WidgetConfig } from "./config";
import { usableStorage } from "./session/memory-storage";
import { ChatSession } from "./session/session";
import { deskSocket } from "./session/socket";
import { WebStore } from "./session/store";
import styles from "./styles/widget.css?inline";
import { chooseLanguage } from "./texts";
import type { Chat } from "./view/context";
import { Widget } from "./view/Widget";

const PHONE = "(max-width: 520px), (max-height: 440px) and (pointer: coarse)";

function start(config: WidgetConfig): void {
  const chat = makeChat(config);
  const { session, open } = chat;
  render(<Widget chat={chat} />, makeRoot(config));
  effect(() => {
    if (open.value) session.start();
  });
  if (session.resumable) session.start();
  window.addEventListener("online", () => session.networkChanged(true));
  window.addEventListener("offline", () => session.networkChanged(false));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") session.wake();
  });
  window.Frontdesk = {
    open: () => (open.value = true),
    close: () => (open.value = false),
    toggle: () => (open.value = !open.value),
  };
}

function makeChat(config: WidgetConfig): Chat {
  const language = chooseLanguage(config.locale ? [config.locale] : navigator.languages);
  const store = new WebStore(usableStorage("localStorage"), config.origin, window);
  const visitor = { locale: language.locale, page: location.origin + location.pathname };
  const session = new ChatSession(deskSocket(config.origin), store, visitor, config.origin);
  const phone = mediaSignal(PHONE);
  return { session, config, language, phone, ...tabMemory(config, phone.value) };
}

/** Whether the panel is open and what is half written survive a reload of this tab. */
function tabMemory(config: WidgetConfig, phone: boolean): Pick<Chat, "open" | "draft"> {
  const storage = usableStorage("sessionStorage");
  const [openKey, draftKey] = [`frontdesk:${config.origin}:open`, `frontdesk:${config.origin}:draft`];
  // On a phone an open panel would cover each page that the customer goes on to.
  const open = signal(!phone && (storage.getItem(openKey) ?? String(config.open)) === "true");
  const draft = signal(storage.getItem(draftKey) ?? "");
  effect(() => storage.setItem(openKey, String(open.value)));
  effect(() => storage.setItem(draftKey, draft.value));
  return { open, draft };
}

function mediaSignal(query: string): Chat["phone"] {
  const media = window.matchMedia(query);
  const matches = signal(media.matches);
  media.addEventListener("change", () => (matches.value = media.matches));
  return matches;
}

/** A shadow tree with constructed style sheets: neither the site's styles nor its policy on inline styles touch it. */
function makeRoot(config: WidgetConfig): ShadowRoot {
  const host = document.createElement("frontdesk-chat");
  if (config.theme) host.dataset.theme = config.theme;
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [tokens, styles, accentStyles(config.color)].map((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    return sheet;
  });
  document.body.append(host);
  return root;
}

function accentStyles(color: string | null): string {
  if (color === null) return "";
  const { fill, onFill, onLight, onDark } = accentFrom(color);
  return `:host { --accent: ${fill}; --on-accent: ${onFill}; --accent-text: light-dark(${onLight}, ${onDark}); }`;
}

function startOnce(script: HTMLOrSVGScriptElement | null): void {
  if (!(script instanceof HTMLScriptElement)) {
    console.error('Frontdesk: embed widget.js as a classic script: <script src="…/widget.js" async></script>');
  } else if (window.Frontdesk) {
    console.warn("Frontdesk: widget.js is embedded twice on this page; the second one does nothing.");
  } else {
    const config = readConfig(script);
    if (document.body) start(config);
    else document.addEventListener("DOMContentLoaded", () => start(config), { once: true });
  }
}

startOnce(document.currentScript);
