"""Which figures a rulebook needs from files: platform metrics and given points."""

from dataclasses import dataclass

from contest.rulebooks.rules.rulebook import Rulebook


@dataclass(frozen=True)
class FigureNeeded:
    """A column that an import may carry. `required`: every entrant must have it; `signed`:
    it may be below zero (given points can be deductions, platform figures cannot)."""

    id: str
    name: str
    required: bool
    signed: bool


def figures_needed(rulebook: Rulebook) -> list[FigureNeeded]:
    """The figures in the order of the rulebook; empty when it scores votes and judges alone."""
    needed = []
    for component in rulebook.components:
        required = component.missing == "refuse"
        if component.source == "points":
            needed.append(FigureNeeded(component.id, component.name, required, signed=True))
        needed += [
            FigureNeeded(metric.id, metric.name, required, signed=False)
            for metric in component.metrics
        ]
    return needed
