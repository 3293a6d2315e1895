"""``ecoval deadlines`` and ``ecoval rules``, as a user runs them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ecoval.cli import main

CASE = """\
title = "某河道排污案"
id = "demo"
place = "{place}"
on = 2024-06-01

[dates]
{dates}
"""


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process, on a wide terminal: exit code, out, err."""
    monkeypatch.setenv("COLUMNS", "200")

    def ran(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["ecoval", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return (int(ended.value.code or 0), *capsys.readouterr())

    return ran


def _write(directory: Path, dates: str, place: str = "浙江省金华市") -> str:
    path = directory / "case.toml"
    path.write_text(CASE.format(place=place, dates=dates), encoding="utf-8")
    return str(path)


def test_deadlines_prints_the_table_and_writes_the_calendar(run: Run, tmp_path: Path) -> None:
    case = _write(tmp_path, "clue_found = 2024-06-03\npreliminary_checked = 2024-07-10")
    ics = tmp_path / "dates.ics"
    code, out, err = run("deadlines", case, "-o", str(ics), "--on", "2024-12-31")
    assert code == 0, err
    for shown in ("截至 2024-12-31", "初步核查", "2024-07-03", "逾期 7 日完成", "计算方法"):
        assert shown in out
    assert "【请注意】dates.clue_found：初步核查" in out
    assert "未起算  磋商：填 磋商开始（negotiation_started） 后推算" in out
    assert ics.read_bytes().count(b"BEGIN:VEVENT") == 1
    code, _, err = run("deadlines", case, "-o", str(ics), "--on", "2024-12-31")
    assert code == 1 and "文件已存在，未覆盖" in err
    assert run("deadlines", case, "-o", str(ics), "--force")[0] == 0


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        ("", "案件没有可推算的期限"),
        ("clue_fuond = 2024-06-03", "是否指 clue_found"),
        (
            "negotiation_started = 2024-02-01\nagreement_signed = 2024-01-01",
            "签订赔偿协议（agreement_signed）2024-01-01 早于磋商开始",
        ),
        ("clue_found = 2018-06-03", "未见 浙江省金华市 2018-06-03 关于初步核查期限的规定"),
    ],
)
def test_what_cannot_be_counted_ends_with_one_and_says_why(
    run: Run, tmp_path: Path, dates: str, words: str
) -> None:
    code, out, err = run("deadlines", _write(tmp_path, dates))
    assert code == 1 and words in err and not out


def test_a_place_that_is_none_is_refused(run: Run, tmp_path: Path) -> None:
    code, _out, err = run("deadlines", _write(tmp_path, "clue_found = 2024-06-03", place="火星"))
    assert code == 1 and "没有这个行政区划" in err


def test_rules_shows_what_changed_on_the_day_of_the_code(run: Run) -> None:
    code, out, _err = run("rules", "--as-of-diff", "2026-08-14", "2026-08-15", "--in", "浙江省")
    assert code == 0
    for shown in (
        "【变更】提起诉讼（诉讼时效）（deadline-limitation）",
        "原：不超过 3 年",
        "现：不超过 5 年",
        "【新增】由生态环境法典代替而废止的法律",
        "第一千零五十四条第二款",
        "已核对原文",
    ):
        assert shown in out
    _, out, _ = run(
        "rules", "deadlines", "--as-of-diff", "2026-09-01", "2026-10-01", "--in", "浙江省"
    )
    assert "没有变化。" in out


def test_rules_without_a_day_lists_every_value(run: Run) -> None:
    code, out, _err = run("rules", "deadline-limitation")
    assert code == 0 and out.count("提起诉讼（诉讼时效）") == 3
    _, out, _ = run("rules", "deadline-preliminary-check", "--in", "南通市")
    assert out.count("初步核查（") == 2 and "浙江" not in out


@pytest.mark.parametrize(
    ("arguments", "ends", "words"),
    [
        (("--as-of-diff", "2026-08-14", "2026-08-15"), 2, "须以 --in 写明地点"),
        (("--as-of-diff", "2026-08-15", "2026-08-14", "--in", "浙江省"), 1, "应先写较早的一天"),
        (("--as-of-diff", "2026-08-15", "明天", "--in", "浙江省"), 1, "应为日期，所给为 明天"),
        (("--as-of-diff", "2026-08-15", "--in", "浙江省"), 2, "后面要有两个日期"),
        (("--in", "火星", "--on", "2024-06-01"), 1, "没有这个行政区划"),
    ],
)
def test_rules_asked_wrongly_says_what_would_do(
    run: Run, arguments: tuple[str, ...], ends: int, words: str
) -> None:
    code, out, err = run("rules", *arguments)
    assert code == ends and words in err and not out


def test_a_day_outside_every_rule_says_which_days_are_known(run: Run) -> None:
    _code, out, _err = run(
        "rules", "quick-assessment-threshold", "--in", "南通市", "--on", "2020-01-01"
    )
    assert "未见规定：简易评估的金额上限" in out
    assert "已知：" in out and "江苏省南通市 2023-05-01 至 2028-04-30" in out


@pytest.mark.parametrize(
    "words", ["in_situ_difficult  原地修复难以开展", "naturally_recovered  已自然恢复"]
)
def test_the_codes_of_a_rule_are_printed_with_their_titles(run: Run, words: str) -> None:
    for arguments in (
        ("rules", "substitute-grounds"),
        ("rules", "substitute-grounds", "--in", "南通市", "--on", "2024-06-01"),
        ("show", "substitute-grounds"),
    ):
        code, out, err = run(*arguments)
        assert code == 0 and words in out, err
