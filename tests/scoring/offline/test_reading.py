"""Data folders: every fault at once with file and line; encodings; the command's answers."""

import json
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.offline.cli_score import score
from scoring.offline.csv_table import Shape, read_lines
from scoring.offline.reading import OfflineError, read_folder, read_rulebook
from tests.support.contest_data import HEAD, VOTES_ONLY, judged, rulebook

CRITERIA = '[[judging.criteria]]\nid = "c"\nname = "表现"\nmin = 0\nmax = 10\nstep = 0.25'
BOOK = rulebook(judged(criteria=CRITERIA))


def folder(path: Path, **files: str | bytes) -> Path:
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (path / f"{name}.csv").write_bytes(data)
    return path


def faults(path: Path) -> list[str]:
    with pytest.raises(OfflineError) as caught:
        read_folder(BOOK, path)
    return caught.value.sentences


def run(path: Path, text: str, *options: str) -> Result:
    (path / "rulebook.toml").write_text(text, encoding="utf-8")
    return CliRunner().invoke(score, [str(path / "rulebook.toml"), str(path), *options])


def test_every_fault_is_told_with_file_and_line(tmp_path: Path) -> None:
    folder(
        tmp_path,
        entrants="entrant,name,status\na,甲,\na,乙,\nb,丙,睡着\n",
        marks="judge,entrant,value,status\n"
        "j1,a,9.1,\n"
        "j2,a,10.25,\n"
        "j3,a,九,\n"
        "j4,a,,\n"
        "j5,a,5,absent\n"
        "j6,x,5,\n"
        "j1,a,9,\n"
        "j7,a\n"
        ",a,9,\n"
        "j8,a,,走了\n",
        votes="entrant,votes\na,-1\nb,1.5\na,1万\n",
        draws="entrant,place\na,0\n",
        points="entrant,component,value\na,x,1\n",
        metrics="entrant,metric,value\na,plays,1\n",
    )
    assert sorted(faults(tmp_path)) == sorted(
        [
            "entrants.csv 第 3 行：与第 2 行重复",
            "entrants.csv 第 4 行：不认识的状态“睡着”",
            "marks.csv 第 2 行：表现 的分应从 0 起按 0.25 分一档",
            "marks.csv 第 3 行：表现 的分应在 0 到 10 之间",
            "marks.csv 第 4 行：value 应为普通的数，现为“九”",
            "marks.csv 第 5 行：value 不能为空",
            "marks.csv 第 6 行：表现 缺席或回避时不能有分",
            "marks.csv 第 7 行：entrants.csv 里没有“x”",
            "marks.csv 第 8 行：与第 2 行重复",
            "marks.csv 第 9 行：应有 4 列，现有 2 列",
            "marks.csv 第 10 行：judge 不能为空",
            "marks.csv 第 11 行：不认识的状态“走了”",
            "votes.csv 第 2 行：votes 应为不小于零的整数，现为“-1”",
            "votes.csv 第 3 行：votes 应为不小于零的整数，现为“1.5”",
            "votes.csv 第 4 行：votes 应为普通的数，现为“1万”",
            "draws.csv 第 2 行：抽签名次从 1 开始",
            "points.csv 第 2 行：规则里没有给分的得分项“x”",
            "metrics.csv 第 2 行：规则里没有平台数据“plays”",
        ]
    )


def test_columns_are_checked(tmp_path: Path) -> None:
    folder(tmp_path, entrants="name\n甲\n", marks="judge,judge,entrant,value,mood\n")
    assert faults(tmp_path) == [
        "entrants.csv 第 1 行：缺少 entrant 列",
        "marks.csv 第 1 行：列“judge”重复",
        "marks.csv 第 1 行：不认识的列“mood”",
        "entrants.csv 第 1 行：没有参赛者",
    ]


def test_entrants_file_must_be_there(tmp_path: Path) -> None:
    assert faults(tmp_path) == [f"缺少文件 {tmp_path / 'entrants.csv'}"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_spreadsheet_encodings_are_read(encoding: str, tmp_path: Path) -> None:
    people = "Entrant , name\r\na,䶮𠮷\r\n\r\n".encode(encoding)
    data = read_folder(BOOK, folder(tmp_path, entrants=people))
    assert [(one.id, one.name) for one in data.entrants] == [("a", "䶮𠮷")]


def test_full_width_digits_and_quoted_cells_are_read(tmp_path: Path) -> None:
    folder(tmp_path, entrants="entrant\na\n", marks='judge,entrant,value\n"评,委",a,９．２５\n')
    assert [(one.judge, str(one.value)) for one in read_folder(BOOK, tmp_path).marks] == [
        ("评,委", "37/4")
    ]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    told: list[str] = []
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "marks.csv"
        path.write_bytes(content)
        lines = read_lines(path, Shape(("judge",)), told)
    assert not lines or not any("\0" in line.text("judge") for line in lines)
    assert all(sentence.startswith("marks.csv 第 ") for sentence in told)


def test_rulebook_errors_name_file_and_path(tmp_path: Path) -> None:
    path = tmp_path / "r.toml"
    path.write_text(HEAD + "x = 1\n", encoding="utf-8")
    with pytest.raises(OfflineError) as caught:
        read_rulebook(path)
    assert caught.value.sentences == [
        "r.toml x：不认识的键，请检查拼写",
        "r.toml components：至少要有一个得分项",
    ]


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_unreadable_rulebook_is_refused(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "r.toml"
    if content is not None:
        path.write_bytes(content)
    run = CliRunner().invoke(score, [str(path), str(tmp_path)])
    assert (run.exit_code, run.stdout, len(run.stderr.splitlines())) == (2, "", 1)


def test_command_prints_json_that_is_exact(tmp_path: Path) -> None:
    folder(tmp_path, entrants="entrant\na\nb\n", votes="entrant,votes\na,3\nb,1\n")
    done = run(tmp_path, HEAD + VOTES_ONLY % ("ratio_to_max", ""), "--json")
    assert done.exit_code == 0
    assert [(one["entrant"], one["total"]) for one in json.loads(done.stdout)["entrants"]] == [
        ("a", "100"),
        ("b", "100/3"),
    ]


def test_command_says_what_is_missing_and_exits_with_one(tmp_path: Path) -> None:
    folder(tmp_path, entrants="entrant,name\na,甲\nb,乙\n", marks="judge,entrant,value\nj1,a,9\n")
    done = run(tmp_path, HEAD + judged(criteria=CRITERIA))
    assert done.exit_code == 1
    assert done.stdout.splitlines()[-2:] == ["尚不能出完整结果：", "  乙：没有评委的分"]


def test_command_prints_every_figure(tmp_path: Path) -> None:
    trim = '{ method = "trimmed_mean", drop_high = 1, drop_low = 1 }'
    criteria = CRITERIA + "\nfactor = 0.8"
    rounding = "rounding = { aggregate = { decimals = 2 }, product = { decimals = 2 } }"
    folder(
        tmp_path,
        entrants="entrant,name\na,甲\n",
        marks="judge,entrant,value,status\nj1,a,9,\nj2,a,9.25,\nj3,a,9.5,\nj4,a,9.25,\nj5,a,8,\n"
        "j6,a,,recused\n",
    )
    done = run(tmp_path, HEAD + judged(trim, criteria=criteria, rounding=rounding))
    steps = done.stdout.partition("1. 甲")[2].splitlines()[1:]
    assert [line.strip() for line in steps] == [
        "评委  评委分 = 7.34",
        "评审 = 7.34",
        "表现  j1 9、j2 9.25、j3 9.5（去最高）、j4 9.25、j5 8（去最低）、j6 回避 = 9.1666… → 9.17",
        "乘系数  9.17 × 0.8 = 7.336 → 7.34",
        "总分  7.34 = 7.34",
    ]


def test_command_adds_diagnostics_without_changing_the_result(tmp_path: Path) -> None:
    people = "entrant\n" + "".join(f"{one}\n" for one in "abcd")
    rows = "".join(
        f"j{judge},{one},{n + judge}\n" for judge in range(3) for n, one in enumerate("abcd")
    )
    folder(tmp_path, entrants=people, marks="judge,entrant,value\n" + rows)
    text = HEAD + judged()
    plain = json.loads(run(tmp_path, text, "--json").stdout)
    both = json.loads(run(tmp_path, text, "--json", "--diagnostics", "--seed", "3").stdout)
    assert both["result"] == plain
    assert both["diagnostics"]["seed"] == 3
    assert both["diagnostics"]["effective_weights"] == [
        {"component": "expert", "effective": "100", "nominal": "1"}
    ]
    told = run(tmp_path, text, "--diagnostics").stdout
    assert told.startswith(run(tmp_path, text).stdout)
    assert "肯德尔 W 1.00，ICC(2,1) 0.62（3 位评委，4 位参赛者）" in told


BYTES = st.one_of(
    st.binary(max_size=200),
    st.lists(
        st.lists(
            st.sampled_from(["a", "甲", "1", "-1", "NaN", "1e400", '"', '""', " ", "\0", "９"]),
            max_size=4,
        ).map(",".join),
        max_size=5,
    ).map(lambda rows: "\r\n".join(["judge,entrant,value", *rows]).encode("gb18030")),
)


@settings(max_examples=150)
@given(entrants=BYTES, marks=BYTES)
def test_command_on_any_bytes_gives_a_result_or_chinese_reasons(
    entrants: bytes, marks: bytes
) -> None:
    with tempfile.TemporaryDirectory() as place:
        people = b"entrant,name\na,a\n" + entrants
        path = folder(Path(place), entrants=people, marks=marks)
        done = run(path, HEAD + judged(criteria=CRITERIA))
    assert isinstance(done.exception, SystemExit | None), done.exception
    assert done.exit_code in (0, 1, 2)
    told = done.stderr.splitlines()
    assert bool(told) == (done.exit_code == 2)
    assert not told or done.stdout == ""
    assert "Traceback" not in done.stderr
