"""The hours of Juniper & Finch: the example in the shipped desk.toml, put to use as its words say."""

import re
from pathlib import Path

from handoff import desk_rules
from handoff.desk_rules import DeskRules


def rules_with_hours(folder: Path) -> DeskRules:
    """The shipped rules with the marks before the hours taken away."""
    shipped = desk_rules.DEFAULT_FILE.read_text(encoding="utf-8")
    file = folder / "desk_with_hours.toml"
    file.write_text(re.sub(r"(?m)^# (?=\[hours\]|[a-z_]+ = )", "", shipped), encoding="utf-8")
    return desk_rules.read(file)
