"""The documents name files; a file that moves takes its name in them along."""

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "bot/README.md"])
NAMED = re.compile(r"`([\w./-]+\.(?:py|toml|yml|md|tsx?|css))`")
LINKED = re.compile(r"\]\((?!https?:)([^)#]+)")
NOT_OURS = {"FRONTDESK_HOME/desk.toml", "var/desk.toml", "slack.py"}
"""What an operator writes, and a name that is advised against."""


@pytest.fixture(scope="module")
def files() -> list[str]:
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in ("node_modules", "var")]
        found += [f"{folder}/{name}" for name in names]
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_file_that_a_document_names_is_there(document: Path, files: list[str]) -> None:
    named = set(NAMED.findall(document.read_text())) - NOT_OURS
    assert [name for name in named if not any(file.endswith(f"/{name}") for file in files)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_link_within_the_documents_leads_somewhere(document: Path) -> None:
    links = LINKED.findall(document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []
