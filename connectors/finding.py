"""What a channel's check found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, in words that say how to mend it when it is not ``ok``."""

    ok: bool
    words: str

    def line(self) -> str:
        return f"{'ok     ' if self.ok else 'FAILING'} {self.words}"
