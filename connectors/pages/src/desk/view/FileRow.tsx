import type { JSX } from "preact";
import type { MessageFile } from "../../shared/wire";
import { Icon } from "./Icon";

const DRAWN = ["image/jpeg", "image/png", "image/gif", "image/webp"];

/** A file the customer sent: a picture is shown, anything else is to be saved, and what is not here says why. */
export function FileRow({ file }: { file: MessageFile }): JSX.Element {
  if (file.state === "waiting") return <p class="attachment">{file.title} is being fetched…</p>;
  if (file.state !== "kept") return <p class="attachment">{`${file.title} was not kept: ${file.detail ?? "it could not be fetched"}`}</p>;
  if (DRAWN.includes(file.mime)) {
    return (
      <a class="picture" href={file.url} target="_blank" rel="noopener noreferrer">
        <img src={file.url} alt={file.title} loading="lazy" />
      </a>
    );
  }
  return (
    <a class="attachment" href={file.url} download={file.title}>
      <Icon name="attachment" />
      {file.title}
    </a>
  );
}
