"""A rulebook: the whole of a contest's rules as reviewed, versioned, hashed data (TOML)."""

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from contest.rulebooks.rules.check import Parts, check_parts
from contest.rulebooks.rules.read_awards import read_award, read_gate, read_tie
from contest.rulebooks.rules.read_components import read_component, read_total
from contest.rulebooks.rules.read_judging import read_judging
from contest.rulebooks.rules.read_voting import read_voting
from contest.rulebooks.rules.vocabulary import (
    Award,
    Component,
    Gate,
    Judging,
    Notice,
    Requires,
    TieKey,
    Total,
    Voting,
)
from core.i18n import _
from core.toml_reader import Errors, Table

KINDS = ("top_ten_spokesperson", "livestream_sales_contest", "short_video_contest", "other")
_LARGEST_RULEBOOK = 200_000


class RulebookError(ValueError):
    """Everything wrong with a rulebook: pairs of (path in the file, Chinese sentence)."""

    def __init__(self, errors: list[tuple[str, str]]) -> None:
        self.errors = errors
        super().__init__("\n".join(f"{path}: {sentence}" for path, sentence in errors))


@dataclass(frozen=True)
class Rulebook:
    """The rules of one edition of a contest. `source` is the TOML text they were read from;
    `digest` is "sha256:" and the hex SHA-256 of its UTF-8 bytes, named by every result."""

    id: str
    version: str
    title: str
    kind: str
    effective_on: date
    clause: str
    voting: Voting | None
    judging: Judging | None
    components: tuple[Component, ...]
    total: Total
    ties: tuple[TieKey, ...]
    gates: tuple[Gate, ...]
    awards: tuple[Award, ...]
    notice: Notice | None
    requires: Requires
    source: str
    digest: str

    @property
    def full_name(self) -> str:
        return f"{self.title} {self.version}"

    def component(self, component_id: str) -> Component:
        return next(one for one in self.components if one.id == component_id)


def parse_rulebook(text: str) -> Rulebook:
    """The rulebook written in `text`; RulebookError with every error if it is not one."""
    errors: Errors = []
    root = _parse_toml(text)
    rulebook = _read(Table(root, "", errors), text, errors)
    if errors:
        raise RulebookError(errors)
    return rulebook


def digest_of(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode("utf-8")).hexdigest()


def _parse_toml(text: str) -> dict[str, object]:
    if len(text) > _LARGEST_RULEBOOK:
        raise RulebookError([("", _("规则文件过大，不超过 20 万字"))])
    try:
        text.encode("utf-8")
        return tomllib.loads(text.removeprefix("\ufeff"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError, ArithmeticError) as error:
        sentence = _("不是合格的 TOML 文件：%(error)s") % {"error": error}
        raise RulebookError([("", sentence)]) from error


def _read(root: Table, text: str, errors: Errors) -> Rulebook:
    root.integer("format", 1, 1)
    voting, judging = root.table("voting"), root.table("judging")
    total = read_total(root.table("total"))
    parts = Parts(
        judging=read_judging(judging) if judging else None,
        voting=voting is not None,
        components=tuple(read_component(one, total.combine) for one in root.tables("components")),
        total=total,
        ties=tuple(read_tie(one) for one in root.tables("ties")),
        gates=tuple(read_gate(one) for one in root.tables("gates")),
        awards=tuple(read_award(one) for one in root.tables("awards")),
    )
    rulebook = Rulebook(
        id=root.id(),
        version=root.text("version"),
        title=root.text("title"),
        kind=root.choice("kind", KINDS),
        effective_on=root.day("effective_on"),
        clause=root.text("clause"),
        voting=read_voting(voting) if voting else None,
        judging=parts.judging,
        components=parts.components,
        total=parts.total,
        ties=parts.ties,
        gates=parts.gates,
        awards=parts.awards,
        notice=_read_notice(root.table("notice")),
        requires=_read_requires(root.table("requires")),
        source=text,
        digest=digest_of(text),
    )
    root.refuse_unknown()
    check_parts(parts, errors)
    return rulebook


def _read_notice(table: Table | None) -> Notice | None:
    if table is None:
        return None
    notice = Notice(table.integer("business_days", 1, 60))
    table.refuse_unknown()
    return notice


def _read_requires(table: Table | None) -> Requires:
    if table is None:
        return Requires()
    requires = Requires(table.flag("approval_document", default=False))
    table.refuse_unknown()
    return requires
