"""Every panel score of the 2017 world championships of figure skating, through the command."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.convert.folder import by_entrant, run_score
from tests.convert.skating import CRITERIA, entrant_id, segments, write_segment

PROGRAMS = [
    f"{event} {segment}"
    for event, segment in [
        ("LADIES", "SHORT PROGRAM"),
        ("LADIES", "FREE SKATING"),
        ("MEN", "SHORT PROGRAM"),
        ("MEN", "FREE SKATING"),
        ("PAIRS", "SHORT PROGRAM"),
        ("PAIRS", "FREE SKATING"),
        ("ICE DANCE", "SHORT DANCE"),
        ("ICE DANCE", "FREE DANCE"),
    ]
]


@pytest.mark.shared
@pytest.mark.parametrize("program", PROGRAMS)
def test_segment_equals_the_protocol(program: str, shared: Path, tmp_path: Path) -> None:
    performances = segments(shared)[program]
    rulebook = write_segment(performances, "FREE" in program, tmp_path)
    computed = by_entrant(run_score(rulebook, tmp_path))
    for performance in performances:
        official = performance["metadata"]
        one = computed[entrant_id(performance)]
        panels = {
            panel["criterion"]: Decimal(panel["rounded"])
            for panel in one["components"][1]["rounds"][0]["panels"]
        }
        assert panels == {
            CRITERIA[part["component_desc"]]: part["scores_of_panel"]
            for part in performance["components"]
        }
        assert Decimal(one["components"][1]["value"]) == Decimal(official["total_component_score"])
        assert Decimal(one["total"]) == Decimal(official["total_segment_score"])
        assert one["rank"] == int(official["rank"])


@pytest.mark.shared
def test_programs_are_all_there(shared: Path) -> None:
    found = segments(shared)
    assert sorted(found) == sorted(PROGRAMS)
    assert sum(len(one["components"]) for many in found.values() for one in many) == 1085
