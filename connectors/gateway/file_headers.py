"""How files of conversations are handed to browsers: nothing in them may run on our origin."""

from urllib.parse import quote

from handoff.media import SHOWN_INLINE, KeptFile

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


def headers_for(kept: KeptFile | None) -> dict[str, str]:
    """The headers that go with a file, or (None) with the words that there is none."""
    if kept is None:
        return dict(_ALWAYS)
    shown = "inline" if kept.mime in SHOWN_INLINE else "attachment"
    return _ALWAYS | {"Content-Disposition": f"{shown}; filename*=UTF-8''{quote(kept.title, safe='')}"}
