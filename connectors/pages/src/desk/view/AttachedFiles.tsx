import type { JSX } from "preact";
import { fileSize } from "../../shared/upload";
import type { Attached } from "../state/attachments";
import { Icon } from "./Icon";
import { useDesk } from "./context";

/** The files that were chosen for the customer, above the words that go with them. */
export function AttachedFiles({ items }: { items: Attached[] }): JSX.Element | null {
  if (items.length === 0) return null;
  return (
    <ul class="attached" aria-label="Files for the customer">
      {items.map((item) => (
        <AttachedFile key={item.id} item={item} />
      ))}
    </ul>
  );
}

function AttachedFile({ item }: { item: Attached }): JSX.Element {
  const { attachments } = useDesk();
  const { name, size } = item.file;
  return (
    <li class={`attached-file ${item.state}`}>
      <Icon name="attachment" />
      <div class="attached-words">
        <p class="attached-name">
          {name} <span class="attached-size">{fileSize(size)}</span>
        </p>
        {item.caption && <p class="attached-caption">{item.caption}</p>}
        {item.detail && <p class="over" role="alert">{`Not sent. ${item.detail}`}</p>}
        {item.state === "sending" && <progress max={1} value={item.share} aria-label={`Sending ${name}`} />}
      </div>
      {item.state === "failed" && (
        <button class="button small" type="button" onClick={() => void attachments.retry(item.id)}>
          Try again
        </button>
      )}
      {item.state !== "sending" && (
        <button class="button ghost icon-only" type="button" aria-label={`Remove ${name}`} onClick={() => attachments.remove(item.id)}>
          <Icon name="close" />
        </button>
      )}
    </li>
  );
}
