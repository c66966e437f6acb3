"""Recomputing a certified result from its bundle alone: no database, no trust in the server.

The same pure rules that made the result are run on the ballots and sheets themselves, and
every file that was derived from them is compared. The first difference ends it. Nothing but
the standard library is imported, unless the faster recount is asked for, which needs numpy.
"""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contest.rulebooks.rules.rulebook import Rulebook, RulebookError, parse_rulebook
from core.i18n import _
from scoring.engine.compute import score
from scoring.engine.data import ACTIVE, ScoringData
from scoring.engine.result import result_to_json
from scoring.offline.reading import OfflineError, read_folder
from scoring.offline.writing import figure_files
from scoring.verification.bundle import FILES, Bundle, BundleError
from scoring.verification.certified import SheetFault, marks_in_force, vote_counts
from voting.ledger.rules.recount import LedgerFault, Recount, recount_content


@dataclass(frozen=True)
class Check:
    """One check that passed: what was checked, and the figure that shows how much."""

    name: str
    detail: str


def verify(bundle: Bundle, *, fast: bool = False) -> Iterator[Check]:
    """Check everything, one thing after the other. Raises BundleError at the first difference.

    `fast` counts the ledger by `voting.ledger.rules.fast_recount` where that one can.
    """
    rulebook = _rulebook(bundle)
    yield Check(_("评选规则"), rulebook.digest)
    data = _figures(bundle, rulebook)
    yield Check(_("参评者与各项数据"), _("%(n)s 人") % {"n": len(data.entrants)})
    _check_unused(bundle, rulebook)
    if rulebook.voting is not None:
        counted, way = _ledger(bundle, rulebook, data, fast)
        yield Check(_("选票账本"), f"{counted.size}，{counted.root.hex()}，{way}")
    if rulebook.judging is not None:
        sheets = _sheets(bundle, rulebook, data)
        yield Check(_("评分表"), _("%(n)s 份") % {"n": sheets})
    entrants = _result(bundle, rulebook, data)
    yield Check(_("结果"), _("%(n)s 人的每一步算式相符") % {"n": entrants})


def _rulebook(bundle: Bundle) -> Rulebook:
    try:
        rulebook = parse_rulebook(bundle.text("rulebook.toml"))
    except RulebookError as error:
        raise BundleError("rulebook.toml", str(error)) from error
    _same("rulebook.toml", "digest", bundle.manifest.get("rulebook"), rulebook.digest)
    return rulebook


def _figures(bundle: Bundle, rulebook: Rulebook) -> ScoringData:
    with tempfile.TemporaryDirectory() as folder:
        for name in FILES:
            if name.endswith(".csv"):
                (Path(folder) / name).write_bytes(bundle.files[name])
        try:
            data = read_folder(rulebook, Path(folder))
        except OfflineError as error:
            raise BundleError("csv", str(error)) from error
    for name, content in figure_files(data).items():
        _same(name, "", bundle.files[name], content)
    return data


def _check_unused(bundle: Bundle, rulebook: Rulebook) -> None:
    """A contest without a vote has no ballots, and one without judges no sheets. Their files must
    be empty, because nothing else here would check them."""
    unused = [] if rulebook.voting else ["ballots.jsonl", "voids.jsonl"]
    unused += [] if rulebook.judging else ["sheets.jsonl"]
    for name in unused:
        if bundle.files[name]:
            raise BundleError(name, _("规则里没有这一部分，文件应为空"))


def _ledger(
    bundle: Bundle, rulebook: Rulebook, data: ScoringData, fast: bool
) -> tuple[Recount, str]:
    """The recount of the ledger, and a few words on how it was counted."""
    codes = {one.id for one in data.entrants}
    try:
        counted, way = (_counted_fast if fast else _counted)(bundle, rulebook, codes)
    except LedgerFault as error:
        raise BundleError("ballots.jsonl", str(error)) from error
    head = {"size": counted.size, "root": counted.root.hex()}
    _same("ballots.jsonl", "ledger", bundle.manifest.get("ledger"), head)
    stated = sorted(data.votes, key=lambda one: one.entrant)
    _same("votes.csv", "", stated, vote_counts(codes, counted.valid, counted.voided))
    return counted, way


def _counted(bundle: Bundle, rulebook: Rulebook, codes: set[str]) -> tuple[Recount, str]:
    assert rulebook.voting is not None
    ballots, voids = bundle.files["ballots.jsonl"], bundle.lines("voids.jsonl")
    counted = recount_content(_contest(bundle), rulebook.voting, codes, ballots, voids)
    return counted, _("逐票重算")


def _counted_fast(bundle: Bundle, rulebook: Rulebook, codes: set[str]) -> tuple[Recount, str]:
    """Whatever the fast way does not vouch for is counted ballot by ballot."""
    from voting.ledger.rules.fast_ballots import UnusualError
    from voting.ledger.rules.fast_recount import quick_recount

    assert rulebook.voting is not None
    ballots, voids = bundle.files["ballots.jsonl"], list(bundle.lines("voids.jsonl"))
    try:
        counted = quick_recount(_contest(bundle), rulebook.voting, codes, ballots, voids)
    except (UnusualError, LedgerFault):
        counted, way = _counted(bundle, rulebook, codes)
        return counted, _("%(way)s（快速重算不适用）") % {"way": way}
    return counted, _("快速重算")


def _sheets(bundle: Bundle, rulebook: Rulebook, data: ScoringData) -> int:
    lines = list(bundle.lines("sheets.jsonl"))
    key = bytes.fromhex(str(bundle.manifest["public_key"]))
    try:
        marks = marks_in_force(_contest(bundle), rulebook, _active(data), lines, key)
    except SheetFault as error:
        raise BundleError("sheets.jsonl", str(error)) from error
    _same("marks.csv", "", sorted(data.marks, key=str), sorted(marks, key=str))
    return len(lines)


def _contest(bundle: Bundle) -> str:
    return str(bundle.manifest.get("contest"))


def _active(data: ScoringData) -> set[str]:
    return {one.id for one in data.entrants if one.status == ACTIVE}


def _result(bundle: Bundle, rulebook: Rulebook, data: ScoringData) -> int:
    result = score(rulebook, data)
    stated = bundle.text("result.json")
    computed = result_to_json(result)
    if stated != computed:
        try:
            place = first_difference(json.loads(stated), json.loads(computed))
        except (ValueError, RecursionError) as error:
            raise BundleError("result.json", _("不是合格的 JSON")) from error
        raise BundleError("result.json", place or _("不是规定的写法"))
    if result.problems:
        raise BundleError("result.json", _("还有未解决的问题，不能核定"))
    return len(result.entrants)


def first_difference(stated: Any, computed: Any, path: str = "") -> str:
    """Where two JSON values first differ, with both values; "" if they do not."""
    if isinstance(stated, dict) and isinstance(computed, dict):
        for key in sorted(stated.keys() | computed.keys()):
            found = first_difference(stated.get(key), computed.get(key), f"{path}.{key}")
            if found:
                return found
        return ""
    if isinstance(stated, list) and isinstance(computed, list) and len(stated) == len(computed):
        for place, (one, other) in enumerate(zip(stated, computed, strict=True)):
            found = first_difference(one, other, f"{path}[{place}]")
            if found:
                return found
        return ""
    return "" if stated == computed else _differs(path, stated, computed)


def _same(file: str, path: str, stated: object, computed: object) -> None:
    if stated != computed:
        raise BundleError(file, _differs(path, stated, computed))


def _differs(path: str, stated: object, computed: object) -> str:
    return _("%(path)s 写的是 %(stated)s，重算得 %(computed)s") % {
        "path": path.removeprefix(".") or _("内容"),
        "stated": _short(stated),
        "computed": _short(computed),
    }


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 80 else text[:77] + "…"
