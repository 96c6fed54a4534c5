"""What Fern may say, by the names that authors gave it in domain.yml and data/."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from connectors.gateway.settings import ROOT

FACT = re.compile(r"\\\{\w+\\\}")


@lru_cache(maxsize=1)
def responses() -> Mapping[str, list[re.Pattern[str]]]:
    """The wordings of each response as patterns, `{facts}` standing for anything."""
    found: dict[str, list[re.Pattern[str]]] = {}
    for path in [ROOT / "domain.yml", *sorted((ROOT / "data").rglob("*.yml"))]:
        for name, variants in (read_yaml(path).get("responses") or {}).items():
            found[name] = [_pattern(str(variant["text"])) for variant in variants if variant.get("text")]
    return found


def name_of(text: str, candidates: list[str]) -> str:
    """The candidate that words it so; else any response that does; else the text itself."""
    known = responses()
    for name in [*candidates, *known]:
        if any(pattern.fullmatch(text) for pattern in known.get(name, [])):
            return name
    return text


def read_yaml(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = YAML(typ="safe").load(path)
    return content


def _pattern(written: str) -> re.Pattern[str]:
    return re.compile(FACT.sub(".+", re.escape(written)), re.DOTALL)
