"""`shibaiqian score`: a contest's result from a rulebook and CSV files, without a database."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import rich_click as click
from rich.console import Console

from contest.rulebooks.rules.rulebook import Rulebook
from core.i18n import _
from scoring.engine.compute import score as score_data
from scoring.engine.data import ScoringData
from scoring.engine.result import Result, plain, result_to_json
from scoring.offline.reading import OfflineError, read_folder, read_rulebook
from scoring.offline.report import print_result, report_console
from scoring.offline.report_diagnostics import print_diagnostics

if TYPE_CHECKING:
    from scoring.engine.diagnostics import Diagnostics

_INCOMPLETE, _BAD_INPUT = 1, 2


@click.command("score")
@click.argument("rulebook_file", metavar="RULEBOOK", type=click.Path(path_type=Path))
@click.argument("data_dir", metavar="DATA_DIR", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="输出带全部中间数的 JSON（分数都是精确的）")
@click.option("--diagnostics", "diagnosed", is_flag=True, help="另附诊断，不改变结果")
@click.option("--seed", default=1, show_default=True, help="诊断中重抽评委的种子")
def score(rulebook_file: Path, data_dir: Path, as_json: bool, diagnosed: bool, seed: int) -> None:
    """按规则文件 RULEBOOK 和数据目录 DATA_DIR 里的 CSV 算出结果，列出每一步。

    结果完整时退出码为 0；有人暂不能出分为 1；文件有错为 2，并一次列出所有错误。
    格式见 docs/rulebooks.md。
    """
    try:
        rulebook = read_rulebook(rulebook_file)
        data = read_folder(rulebook, data_dir)
    except OfflineError as error:
        refuse(error)
    result = score_data(rulebook, data)
    diagnostics = _diagnose(rulebook, data, seed) if diagnosed else None
    if as_json:
        click.echo(_as_json(result, diagnostics))
    else:
        _print(rulebook, result, diagnostics)
    if result.problems:
        sys.exit(_INCOMPLETE)


def refuse(error: OfflineError) -> NoReturn:
    """Tell every fault of the files, and end with the exit code of bad input."""
    for sentence in error.sentences:
        click.echo(sentence, err=True)
    sys.exit(_BAD_INPUT)


def _diagnose(rulebook: Rulebook, data: ScoringData, seed: int) -> "Diagnostics":
    # scipy takes seconds to load, and nothing else of this command needs it.
    from scoring.engine.diagnostics import diagnose

    with Console(stderr=True).status(_("正在诊断，要重算几百次……")):
        return diagnose(rulebook, data, seed=seed)


def _as_json(result: Result, diagnostics: "Diagnostics | None") -> str:
    text = result_to_json(result)
    if diagnostics is None:
        return text
    whole = {"diagnostics": plain(diagnostics), "result": json.loads(text)}
    return json.dumps(whole, ensure_ascii=False, sort_keys=True)


def _print(rulebook: Rulebook, result: Result, diagnostics: "Diagnostics | None") -> None:
    console = report_console()
    print_result(console, rulebook, result)
    if diagnostics is not None:
        print_diagnostics(console, rulebook, result, diagnostics)


if __name__ == "__main__":
    score()
