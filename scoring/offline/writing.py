"""Scoring data as the CSV files of docs/rulebooks.md: what `reading` reads.

A bundle carries them so that a stranger can unzip it and run `shibaiqian score` on it.
"""

import csv
import io
from collections.abc import Iterable

from core.exact import exact_text
from scoring.engine.data import ScoringData


def figure_files(data: ScoringData) -> dict[str, bytes]:
    """Every file by name, rows in a fixed order; the same data gives the same bytes."""
    attributes = sorted({name for one in data.entrants for name, _value in one.attributes})
    return {
        "entrants.csv": _csv(
            ("entrant", "name", "code", "status", *attributes),
            (
                (one.id, one.name, one.code, one.status, *(one.attribute(a) for a in attributes))
                for one in data.entrants
            ),
        ),
        "marks.csv": _csv(
            ("judge", "entrant", "round", "criterion", "value", "status"),
            (
                (
                    one.judge,
                    one.entrant,
                    one.round,
                    one.criterion,
                    "" if one.value is None else exact_text(one.value),
                    one.status,
                )
                for one in data.marks
            ),
        ),
        "votes.csv": _csv(
            ("entrant", "votes", "voided"),
            ((one.entrant, str(one.valid), str(one.voided)) for one in data.votes),
        ),
        "metrics.csv": _csv(
            ("entrant", "metric", "value"),
            ((one.entrant, one.metric, exact_text(one.value)) for one in data.metrics),
        ),
        "points.csv": _csv(
            ("entrant", "component", "item", "round", "value"),
            (
                (one.entrant, one.component, one.item, one.round, exact_text(one.value))
                for one in data.points
            ),
        ),
        "multipliers.csv": _csv(
            ("entrant", "round", "value"),
            ((one.entrant, one.round, exact_text(one.value)) for one in data.multipliers),
        ),
        "draws.csv": _csv(
            ("entrant", "place"), ((one.entrant, str(one.place)) for one in data.draws)
        ),
    }


def _csv(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(sorted(rows))
    return target.getvalue().encode()
