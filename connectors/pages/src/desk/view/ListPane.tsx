import type { JSX } from "preact";
import { useComputed } from "@preact/signals";
import { TABS, type Tab } from "../state/lists";
import { hashOf } from "../state/route";
import { Icon, type IconName } from "./Icon";
import { ListRow } from "./ListRow";
import { AwayHint } from "./PresenceSwitch";
import { SearchBox, SearchResults } from "./Search";
import { useApp, useDesk } from "./context";

const NAMES: Record<Tab, string> = { queue: "Queue", mine: "Mine", snoozed: "Snoozed", bot: "With the bot", agent: "All agents’", closed: "Closed" };

const EMPTY: Record<Tab, { title: string; text: string }> = {
  queue: { title: "Nobody is waiting", text: "When a customer asks for a person, they appear here at once." },
  mine: { title: "Nothing is yours right now", text: "Claim a conversation from the queue and it will stay here until you are done." },
  snoozed: { title: "Nothing is snoozed", text: "What you set aside waits here, and comes back at its time or as soon as the customer writes." },
  bot: { title: "The bot is not talking to anyone", text: "Conversations it is answering show up here. You can step in at any time." },
  agent: { title: "No agent is in a conversation", text: "Conversations that people are answering show up here." },
  closed: { title: "No closed conversations yet", text: "What has been resolved can be read here." },
};

const EMPTY_ICONS: Partial<Record<Tab, IconName>> = { bot: "bot", queue: "check", snoozed: "clock" };

export function ListPane(): JSX.Element {
  const { route, search } = useDesk();
  return (
    <section class="pane list-pane" aria-label="Conversations">
      <SearchBox />
      <Tabs />
      <AwayHint />
      {search.result.value ? <SearchResults /> : <List key={route.value.tab} tab={route.value.tab} />}
    </section>
  );
}

function Tabs(): JSX.Element {
  const { lists, route, search } = useDesk();
  const counts = lists.counts.value;
  const { tab: open, conversationId } = route.value;
  return (
    <nav class="tabs" aria-label="Lists">
      {TABS.map((tab) => (
        <a key={tab} class="tab" href={hashOf({ tab, conversationId, details: false })} aria-current={tab === open && !search.result.value ? "page" : undefined} onClick={() => search.clear()}>
          {NAMES[tab]}
          {tab !== "closed" && (tab !== "snoozed" || counts.snoozed > 0) && <span class={`count ${tab === "queue" && counts.queue ? "hot" : ""}`}>{counts[tab]}</span>}
        </a>
      ))}
    </nav>
  );
}

function List({ tab }: { tab: Tab }): JSX.Element {
  const { lists, route } = useDesk();
  const { clock } = useApp();
  const rows = useComputed(() => lists.rows(tab)).value;
  const progress = lists.progress(tab).value;
  return (
    <div class="list" aria-busy={progress.state === "loading"}>
      {progress.state === "failed" && <ListProblem tab={tab} detail={progress.detail} />}
      {rows.length === 0 && progress.state === "ready" && <Empty tab={tab} />}
      {rows.length === 0 && progress.state === "loading" && <Skeleton />}
      <ul>
        {rows.map((summary, index) => (
          <li key={summary.id}>
            <ListRow summary={summary} tab={tab} place={index + 1} open={route.value.conversationId === summary.id} clock={clock.now} />
          </li>
        ))}
      </ul>
      {progress.cursor && progress.state !== "failed" && (
        <button class="button wide" type="button" disabled={progress.state === "loading"} onClick={() => void lists.more(tab)}>
          {progress.state === "loading" ? "Loading…" : "Show more"}
        </button>
      )}
    </div>
  );
}

function ListProblem({ tab, detail }: { tab: Tab; detail: string }): JSX.Element {
  const { lists } = useDesk();
  return (
    <div class="notice bad" role="alert">
      <p>{detail}</p>
      <button class="button small" type="button" onClick={() => void lists.load(tab)}>
        Try again
      </button>
    </div>
  );
}

function Empty({ tab }: { tab: Tab }): JSX.Element {
  const { title, text } = EMPTY[tab];
  return (
    <div class="empty">
      <span class="empty-mark">
        <Icon name={EMPTY_ICONS[tab] ?? "person"} />
      </span>
      <p class="empty-title">{title}</p>
      <p class="muted">{text}</p>
    </div>
  );
}

export function Skeleton(): JSX.Element {
  return (
    <div aria-hidden="true">
      {[1, 2, 3, 4].map((row) => (
        <div key={row} class="row-skeleton" />
      ))}
    </div>
  );
}
