"""How a bench speaks: progress to people on stderr, figures to programs on stdout."""

import json
from collections.abc import Mapping

import rich_click as click


def say(sentence: str) -> None:
    """Tell how far the bench is."""
    click.echo(sentence, err=True)


def tell(figures: Mapping[str, object]) -> None:
    """The last line: one JSON object, ratios and times rounded to what can be trusted."""
    shown = {
        name: round(value, 4) if isinstance(value, float) else value
        for name, value in figures.items()
    }
    click.echo(json.dumps(shown))
