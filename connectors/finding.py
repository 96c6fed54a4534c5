"""What a channel's check found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    ok: bool
    words: str

    def line(self) -> str:
        return f"{'ok     ' if self.ok else 'FAILING'} {self.words}"
