export type TextPart = { text: string; href: string | null };

const WEB_ADDRESS = /https?:\/\/[^\s<>"'`]+/gi;
const TRAILING_PUNCTUATION = /[.,;:!?)\]}»”’]+$/;

/** Cuts a message into words and web addresses; nothing but http and https becomes a link. */
export function splitLinks(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(WEB_ADDRESS)) {
    const address = trimPunctuation(match[0]);
    const href = webAddress(address);
    if (href === null) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index), href: null });
    parts.push({ text: address, href });
    end = match.index + address.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), href: null });
  return parts;
}

/** The absolute address when it is http(s), null for everything else. `base` completes a path of the desk itself. */
export function webAddress(address: string, base?: string): string | null {
  if (!URL.canParse(address, base)) return null;
  const url = new URL(address, base);
  return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
}

/** A sentence's full stop is not the address's; a bracket opened inside the address is. */
function trimPunctuation(address: string): string {
  const trimmed = address.replace(TRAILING_PUNCTUATION, "");
  const closes = address[trimmed.length] === ")" && trimmed.includes("(") && !trimmed.includes(")");
  return closes ? `${trimmed})` : trimmed;
}

/** The desk's own files are reached as this page reaches the desk, whatever name the desk has for itself. */
export function fileAddress(address: string, desk: string): string | null {
  const absolute = webAddress(address, desk);
  if (absolute === null) return null;
  const { pathname } = new URL(absolute);
  return pathname.startsWith("/files/") ? desk + pathname : absolute;
}
