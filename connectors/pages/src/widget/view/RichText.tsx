import type { JSX } from "preact";
import { splitLinks } from "../links";
import { useChat } from "./context";

/** A message's words: text nodes, with its web addresses as links. */
export function RichText({ text }: { text: string }): JSX.Element {
  return (
    <>
      {splitLinks(text).map((part, index) =>
        part.href === null ? (
          part.text
        ) : (
          <ExternalLink key={index} href={part.href}>
            {part.text}
          </ExternalLink>
        ),
      )}
    </>
  );
}

export function ExternalLink(props: {
  href: string;
  class?: string;
  children: JSX.Element | JSX.Element[] | string;
}): JSX.Element {
  const { texts } = useChat().language;
  return (
    <a href={props.href} class={props.class} target="_blank" rel="noopener noreferrer">
      {props.children}
      <span class="hidden"> ({texts.opensNewTab})</span>
    </a>
  );
}
