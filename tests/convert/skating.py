"""The 2017 world championships of figure skating (CC BY 4.0, BuzzFeedNews/figure-skating-scores).

`shared/data/README.md` names the source and the rule.
"""

import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.convert.folder import RULEBOOKS, write_table

CRITERIA = {
    "Skating Skills": "skating_skills",
    "Transitions": "transitions",
    "Performance": "performance",
    "Composition": "composition",
    "Interpretation of the Music": "interpretation",
    "Interpretation of the Music / Timing": "interpretation",
}
JUDGES = tuple(f"J{n}" for n in range(1, 10))

Performance = dict[str, Any]


def segments(data: Path) -> dict[str, list[Performance]]:
    """Performances by segment, such as LADIES SHORT PROGRAM; numbers as exact decimals."""
    source = data / "skating-worlds-2017" / "wc2017_protocol.json"
    protocol = json.loads(source.read_text(encoding="utf-8"), parse_float=Decimal)
    found = defaultdict(list)
    for performance in protocol["performances"]:
        found[performance["metadata"]["program"]].append(performance)
    return dict(found)


def entrant_id(performance: Performance) -> str:
    return str(performance["metadata"]["starting_number"])


def write_segment(performances: list[Performance], free: bool, folder: Path) -> Path:
    """Writes the folder of one segment; returns its rulebook. A tie goes to the technical
    score in a short segment, to the program components in a free one."""
    keyed = [(entrant_id(one), one) for one in performances]
    write_table(
        folder,
        "entrants",
        ["entrant", "name", "nation"],
        [(key, one["metadata"]["name"], one["metadata"]["nation"]) for key, one in keyed],
    )
    write_table(
        folder,
        "marks",
        ["judge", "entrant", "criterion", "value"],
        [
            (judge, key, CRITERIA[part["component_desc"]], part[judge])
            for key, one in keyed
            for part in one["components"]
            for judge in JUDGES
        ],
    )
    write_table(
        folder,
        "multipliers",
        ["entrant", "round", "value"],
        [(key, "segment", one["components"][0]["factor"]) for key, one in keyed],
    )
    points = []
    for key, one in keyed:
        points.append((key, "technical", one["metadata"]["total_element_score"]))
        points.append((key, "deductions", one["metadata"]["total_deductions"]))
    write_table(folder, "points", ["entrant", "component", "value"], points)
    text = (RULEBOOKS / "skating_segment.toml").read_text(encoding="utf-8")
    if free:
        head, tie, tail = text.partition('[[ties]]\nkey = "component"\nid = "technical"')
        text = head + tie.replace("technical", "presentation") + tail
    rulebook = folder / "rulebook.toml"
    rulebook.write_text(text, encoding="utf-8")
    return rulebook
