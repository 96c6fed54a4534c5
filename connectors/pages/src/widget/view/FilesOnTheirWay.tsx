import type { JSX } from "preact";
import { fileSize } from "../../shared/upload";
import type { UnsentFile } from "../session/files";
import { useChat } from "./context";
import { AlertIcon, FileIcon } from "./icons";

/** The customer's files that the desk does not have yet, after everything it has. */
export function FilesOnTheirWay(): JSX.Element | null {
  const { session } = useChat();
  const items = session.files.items.value;
  if (items.length === 0) return null;
  return (
    <ul class="items">
      {items.map((item) => (
        <FileOnItsWay key={item.id} item={item} />
      ))}
    </ul>
  );
}

function FileOnItsWay({ item }: { item: UnsentFile }): JSX.Element {
  const { session, language } = useChat();
  const { texts } = language;
  const { id, file, failure } = item;
  const known = texts.fileFailures as Record<string, string>;
  return (
    <li class={failure ? "row own first last failed" : "row own first last waiting"}>
      <div class="attachment">
        <span class="attachment-icon">
          <FileIcon />
        </span>
        <span class="attachment-text">
          <span class="attachment-title">{file.name}</span>
          <span class="attachment-host">{fileSize(file.size)}</span>
          {!failure && <progress max={1} value={item.share} aria-label={texts.sendingFile(file.name)} />}
        </span>
      </div>
      {failure && (
        <p class="meta failure" role="alert">
          <AlertIcon /> {known[failure.code] ?? texts.failures.other}{" "}
          {failure.retry && (
            <button type="button" class="text-button" onClick={() => void session.files.retry(id)}>
              {texts.retry}
            </button>
          )}{" "}
          <button type="button" class="text-button" onClick={() => session.files.remove(id)}>
            {texts.removeFile}
          </button>
        </p>
      )}
    </li>
  );
}
