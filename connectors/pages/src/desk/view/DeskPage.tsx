import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { ConversationPane } from "./ConversationPane";
import { DetailsPane } from "./DetailsPane";
import { LineBanner } from "./LineBanner";
import { ListPane } from "./ListPane";
import { OfferBanner } from "./OfferBanner";
import { Toast } from "./Toast";
import { TopBar } from "./TopBar";
import { useDesk } from "./context";
import { ShortcutsDialog } from "./dialogs/ShortcutsDialog";
import { useShortcuts } from "./shortcuts";

/** List, conversation, details: side by side where there is room, one after the other where there is not. */
export function DeskPage(): JSX.Element {
  const { route, talk } = useDesk();
  const helping = useSignal(false);
  useShortcuts(() => (helping.value = true));
  const { conversationId, details } = route.value;
  const front = !conversationId ? "list" : details ? "details" : "talk";
  return (
    <div class="desk" data-front={front}>
      <button class="skip button" type="button" onClick={focusTalk}>
        Skip to the conversation
      </button>
      <TopBar onHelp={() => (helping.value = true)} />
      <LineBanner />
      <OfferBanner />
      <main class="columns">
        <ListPane />
        <ConversationPane />
        {talk.value?.detail.value && <DetailsPane talk={talk.value} />}
      </main>
      <Toast />
      {helping.value && <ShortcutsDialog onClose={() => (helping.value = false)} />}
    </div>
  );
}

function focusTalk(): void {
  document.getElementById("talk")?.focus();
}
