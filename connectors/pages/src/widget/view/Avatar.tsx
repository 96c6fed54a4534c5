import type { JSX } from "preact";
import type { Author } from "../../shared/wire";
import { BotIcon, ChatIcon } from "./icons";

/** A leaf for the bot, initials for a person. */
export function Avatar({ author, name }: { author: Exclude<Author, "customer">; name: string }): JSX.Element {
  return (
    <span class={`avatar ${author}`} aria-hidden="true">
      {author === "agent" ? initials(name) : author === "bot" ? <BotIcon /> : <ChatIcon />}
    </span>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0]!, words.at(-1)!] : words;
  return letters.map((word) => [...word][0]?.toLocaleUpperCase() ?? "").join("");
}
