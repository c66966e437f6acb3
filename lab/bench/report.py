"""What a bench reports: progress on stderr for people, measurements on stdout for programs."""

import json
from collections.abc import Mapping

import rich_click as click


def say(sentence: str) -> None:
    """Report progress."""
    click.echo(sentence, err=True)


def tell(measured: Mapping[str, object]) -> None:
    """The last line: one JSON object, ratios and times rounded to what can be trusted."""
    shown = {
        name: round(value, 4) if isinstance(value, float) else value
        for name, value in measured.items()
    }
    click.echo(json.dumps(shown))
