"""A picture, as far as anybody looks at one here."""

PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 16
