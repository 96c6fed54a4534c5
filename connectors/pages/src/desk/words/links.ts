/** A stretch of text, or an address in it. */
export interface Piece {
  text: string;
  href: string | null;
}

const ADDRESS = /https?:\/\/[^\s<>"']+/gi;
const TRAILING = /[.,;:!?)\]]+$/;

/** Splits text at its http(s) addresses. A full stop after an address belongs to the sentence. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(TRAILING, "");
    if (match.index > end) pieces.push({ text: text.slice(end, match.index), href: null });
    pieces.push({ text: address, href: address });
    end = match.index + address.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), href: null });
  return pieces;
}

/** Returns the address if it may be a link: http(s), or a path on this server. Anything else (javascript:, data:) is null. */
export function safeHref(url: string): string | null {
  return /^https?:\/\//i.test(url) || /^\/(?![/\\])/.test(url) ? url : null;
}
