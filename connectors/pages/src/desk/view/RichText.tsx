import type { JSX } from "preact";
import { piecesOf } from "../words/links";

/** Somebody's words as text nodes, line breaks kept; http(s) addresses are links. */
export function RichText({ text }: { text: string }): JSX.Element {
  return (
    <p class="words">
      {piecesOf(text).map((piece, index) =>
        piece.href ? (
          <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
            {piece.text}
          </a>
        ) : (
          piece.text
        ),
      )}
    </p>
  );
}
