import type { JSX } from "preact";
import type { Summary } from "../../shared/wire";
import type { Tab } from "../state/lists";
import { Icon } from "./Icon";
import { Skeleton } from "./ListPane";
import { ListRow } from "./ListRow";
import { useApp, useDesk } from "./context";
import { locale } from "./locale";

export function SearchBox(): JSX.Element {
  const { search } = useDesk();
  return (
    <search class="search">
      <Icon name="search" />
      <input
        id="search"
        type="search"
        maxLength={100}
        autocomplete="off"
        aria-label="Search conversations"
        placeholder="Words, customer, order or ticket"
        value={search.words.value}
        onInput={(event) => search.type(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") void search.run();
          if (event.key === "Escape") search.clear();
        }}
      />
    </search>
  );
}

/** Takes the place of the list while there are words in the box. */
export function SearchResults(): JSX.Element | null {
  const { search, route } = useDesk();
  const { clock } = useApp();
  const result = search.result.value;
  if (!result) return null;
  const rows = search.rows();
  return (
    <div class="list" aria-busy={result.state === "searching"}>
      {result.state === "searching" && <Skeleton />}
      {result.state === "failed" && (
        <div class="notice bad" role="alert">
          <p>{result.detail}</p>
          <button class="button small" type="button" onClick={() => void search.run()}>
            Try again
          </button>
        </div>
      )}
      <p class="search-count" role="status">
        {result.state === "found" && countWords(rows.length, result.lookedThrough)}
      </p>
      <ul>
        {rows.map((summary, index) => (
          <li key={summary.id}>
            <ListRow summary={summary} tab={tabOf(summary)} place={index + 1} open={route.value.conversationId === summary.id} clock={clock.now} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function countWords(found: number, lookedThrough: number | null): string {
  const what = found === 0 ? "Nothing found" : found === 1 ? "One conversation" : `${found}${found === 50 ? " or more" : ""} conversations`;
  return lookedThrough ? `${what}, in the latest ${lookedThrough.toLocaleString(locale)}.` : `${what}.`;
}

function tabOf(summary: Summary): Tab {
  return summary.holder;
}
