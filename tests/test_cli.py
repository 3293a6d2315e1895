"""The command line: what it writes, what it says in Chinese, and how it ends."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ecoval.cli import main
from ecoval.version import VERSION

EXAMPLES = Path(__file__).parent.parent / "examples"
JINDONG = str(EXAMPLES / "jindong-2024.toml")

# 500 t × 8.3 元/t × (1.5 × 1.25 × 2 = 3.75) = 15,562.50 元
WATER = ("water-virtual-treatment", "discharge=500 t", "unit_cost=8.3 元/t", "hazard=1.5")
REST = ("exceedance=1.25", "function=2", "--on", "2024-06-01", "--in", "330700")


class Ran:
    """How a command ended: exit code, what it printed, what it complained of."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command line in this process, on a wide terminal."""
    monkeypatch.setenv("COLUMNS", "200")

    def ran(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["ecoval", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return Ran(int(ended.value.code or 0), out, err)

    return ran


def _process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "ecoval", *arguments]
    return subprocess.run(
        command, capture_output=True, check=False, env={**os.environ, **environment}
    )


def test_value_prints_derivation_amount_and_fingerprint(run) -> None:
    ran = run("value", *WATER, *REST)
    assert ran.code == 0 and not ran.err
    assert "γ = α × τ × ω = 1.5 × 1.25 × 2 = 3.75" in ran.out
    assert "D = E × C × γ = 500 t × 8.3 元/t × 3.75 = 15,562.5 元" in ran.out
    assert "生态环境损害数额 15,562.50 元" in ran.out
    assert re.search("校验码 [0-9a-f]{12}$", ran.out.strip())


def test_value_as_json_is_one_object_with_all_its_keys(run) -> None:
    ran = run("value", *WATER, *REST, "--json")
    held = json.loads(ran.out)
    assert ran.code == 0
    assert held["method"] == "water-virtual-treatment"
    assert held["amount"] == "15562.50" and held["exact"] == 15562.5
    assert held["formula"] == "D = E × C × γ；γ = α × τ × ω"
    assert held["substitution"] == "D = 500 t × 8.3 元/t × 3.75 = 15,562.5 元"
    assert {entry["name"] for entry in held["inputs"]} == {
        "discharge",
        "unit_cost",
        "hazard",
        "exceedance",
        "function",
    }
    assert held["parameters"] == []
    assert [finding["level"] for finding in held["findings"]] == ["note"]
    assert re.fullmatch("[0-9a-f]{12}", held["fingerprint"])


def test_an_amount_in_json_has_two_decimals(run) -> None:
    lines = 'lines=[{"name": "监测", "quantity": "1 项", "unit_price": "1000 元/项"}]'
    held = json.loads(run("value", "cost-ledger", lines, "--on", "2024-06-01", "--json").out)
    assert held["amount"] == "1000.00" and held["place"] == "CN"


def test_the_reason_for_an_overrule_is_printed(run) -> None:
    arguments = ["hazard=3" if each == "hazard=1.5" else each for each in WATER]
    refused = run("value", *arguments, *REST)
    assert refused.code == 1 and "取值范围 1–2" in refused.err
    ran = run("value", *arguments, *REST, "--overrule", "hazard=毒性大，见论证")
    assert ran.code == 0 and "31,125.00 元" in ran.out  # 15,562.50 × 3 / 1.5
    assert "毒性大，见论证" in ran.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("value", "water-virtual-treatmen", *REST[2:]),
            "没有方法 .*是否指 water-virtual-treatment",
        ),
        (("value", *WATER, "--on", "2024-06-01"), "缺少"),
        (("value", *WATER, "colour=1", *REST), "没有输入项 colour"),
        (("value", *WATER, *REST[:2], "--on", "2024-02-30"), "应为日期，所给为 2024-02-30"),
        (("value", *WATER, *REST[:4], "--in", "火星"), "没有这个行政区划，所给为 火星"),
        (("value", "cost-ledger", "lines=[{", "--on", "2024-06-01"), "JSON 写法有误"),
        (("check", "none.toml"), "none.toml：文件不存在"),
        (("opinion", "none.toml"), "none.toml：文件不存在"),
        (("show", "cost-leger"), "没有方法 cost-leger，也没有这个表或参数。是否指 cost-ledger"),
        (("methods", "--head", "interum"), "没有这个赔偿科目.*是否指 interim"),
        (("rules", "quick-asessment", *REST[2:]), "没有这个主题或参数.*是否指 quick-assessment"),
        (("new", "quick", "--in", "朝阳区", "-o", "x.toml"), "同名的行政区划不止一个"),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_done_ends_with_one_and_is_said_in_chinese(
    run, tmp_path, monkeypatch, arguments, words
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run(*arguments)
    assert ran.code == 1 and not ran.out
    assert ran.err.startswith("错误：") and re.search(words, ran.err)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nope",), "没有命令 'nope'"),
        (("opinion",), "缺少参数 '案件文件'"),
        (("opinion", JINDONG, "--nope"), "没有选项 --nope"),
        (("opinion", JINDONG, "--lang", "fr"), "只有 zh 和 en"),
        (("opinion", JINDONG, "--out"), "选项 '--out' 后面要有值"),
        (("check", JINDONG, JINDONG), "多余的参数"),
        (("value", *WATER), "缺少选项 '--on'"),
        (("value", *WATER, "function", *REST[2:]), "应写作 名称=值，所给为 function"),
        (("new", "quick", "--in", "330700"), "缺少选项"),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else "",
)
def test_a_misused_command_ends_with_two_and_is_said_in_chinese(run, arguments, words) -> None:
    ran = run(*arguments)
    assert ran.code == 2
    assert ran.err.startswith("用法有误：") and words in ran.err
    assert not re.search(r"Usage|Error|Missing|Invalid|No such|Got ", ran.err)


def test_opinion_writes_the_documents_and_says_where(run, tmp_path) -> None:
    ran = run("opinion", JINDONG, "--out", str(tmp_path / "out"), "--no-pdf")
    assert ran.code == 0
    for kind in ("docx", "html", "json"):
        assert f"已写 {tmp_path / 'out' / 'jindong-2024'}.{kind}" in ran.out.replace("\n", "")
        assert (tmp_path / "out" / f"jindong-2024.{kind}").is_file()
    assert "16,563.00" in ran.out and "人民币壹万陆仟伍佰陆拾叁元整" in ran.out


def test_opinion_keeps_what_is_there_unless_forced(run, tmp_path) -> None:
    arguments = ("opinion", JINDONG, "--out", str(tmp_path), "--no-pdf")
    (tmp_path / "jindong-2024.docx").write_bytes(b"signed")
    ran = run(*arguments)
    assert ran.code == 1 and "文件已存在，未覆盖：jindong-2024.docx" in ran.err
    assert (tmp_path / "jindong-2024.docx").read_bytes() == b"signed"
    assert run(*arguments, "--force").code == 0
    assert (tmp_path / "jindong-2024.docx").read_bytes() != b"signed"


def _stopped(directory: Path) -> str:
    """Write a case that two experts cannot sign."""
    text = Path(JINDONG).read_text(encoding="utf-8")
    seat = '[[expert]]\nopen = "公示未载明专家姓名"\n'
    path = directory / "stopped.toml"
    path.write_text(text.replace(seat, "", 1), encoding="utf-8")
    return str(path)


def test_what_must_be_settled_keeps_the_opinion_back(run, tmp_path) -> None:
    arguments = ("opinion", _stopped(tmp_path), "--out", str(tmp_path / "out"), "--no-pdf")
    ran = run(*arguments)
    assert ran.code == 1
    assert "【须处理】expert：专家 2 名，少于 3 名" in ran.out
    assert "有 1 项须处理，没有出具专家意见" in ran.err
    assert not (tmp_path / "out").exists()
    assert run(*arguments, "--draft").code == 0
    assert (tmp_path / "out" / "stopped.docx").is_file()


def test_check_lists_what_is_found_and_what_is_open(run, tmp_path) -> None:
    ran = run("check", JINDONG)
    assert ran.code == 0
    assert "【请注意】第 1 项：危害系数 1.5 待定" in ran.out
    assert "待补  当事人：赔偿义务人名称未取得" in ran.out
    assert run("check", _stopped(tmp_path)).code == 1


@pytest.mark.parametrize("place", ["330700", "江苏省南通市", "长春市", "CN"])
def test_a_new_case_passes_the_check_once_its_day_is_filled_in(run, tmp_path, place) -> None:
    path = tmp_path / "new" / "case.toml"
    ran = run("new", "quick", "--in", place, "-o", str(path))
    assert ran.code == 0 and f"ecoval check {path}" in ran.out
    missing = run("check", str(path))
    assert missing.code == 1 and "on 缺少必填项" in missing.err
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("# on = 2024-06-01 ", "on = 2024-06-01 "), encoding="utf-8")
    assert run("check", str(path)).code == 0


@pytest.mark.parametrize(("place", "conditions"), [("浙江省", 5), ("南通市", 3), ("北京市", 3)])
def test_a_new_case_asks_what_the_rule_of_the_place_asks(run, tmp_path, place, conditions) -> None:
    path = tmp_path / "case.toml"
    run("new", "quick", "--in", place, "--on", "2024-06-01", "-o", str(path))
    text = path.read_text(encoding="utf-8")
    assert text.partition("[eligibility]")[2].partition("[facts]")[0].count("待填") == conditions
    assert run("check", str(path)).code == 0


def test_a_new_case_does_not_overwrite_one(run, tmp_path) -> None:
    path = tmp_path / "case.toml"
    path.write_text("mine", encoding="utf-8")
    ran = run("new", "quick", "--in", "330700", "-o", str(path))
    assert ran.code == 1 and "文件已存在，未覆盖" in ran.err
    assert path.read_text(encoding="utf-8") == "mine"
    assert run("new", "quick", "--in", "330700", "-o", str(path), "--force").code == 0


def test_methods_are_listed_by_head(run) -> None:
    every, interim = run("methods").out, run("methods", "--head", "interim").out
    assert "cost-ledger" in every and "water-virtual-treatment" in every
    assert "cost-ledger" not in interim and "interim-loss" in interim


def test_show_tells_formula_inputs_and_clause(run) -> None:
    ran = run("show", "water-virtual-treatment")
    assert ran.code == 0
    for shown in (
        "D = E × C × γ",
        "discharge",
        "GB/T 39793.2-2020",
        "据二手资料",
        "act_established",
    ):
        assert shown in ran.out


def test_rules_shows_both_thresholds_of_nantong(run) -> None:
    ran = run("rules", "quick-assessment-threshold", "--in", "320600", "--on", "2025-06-01")
    assert ran.code == 0
    assert ran.out.index("低于 500,000 元") < ran.out.index("不超过 300,000 元")
    assert "2023-05-01 至 2028-04-30" in ran.out and "已核对原文" in ran.out


def test_rules_says_what_it_has_not_seen(run) -> None:
    ran = run("rules", "quick-assessment", "--in", "北京市", "--on", "2020-01-01")
    assert ran.code == 0 and "未见规定：简易评估的适用条件" in ran.out


def test_version_is_printed(run) -> None:
    assert run("--version").out.strip() == f"ecoval {VERSION}"


@pytest.mark.parametrize("asked", ["--version", "--help"])
def test_asking_for_version_or_help_imports_nothing_heavy(asked) -> None:
    script = (
        "import sys\n"
        f"sys.argv = ['ecoval', '{asked}']\n"
        "from ecoval.cli import main\n"
        "try:\n    main()\nfinally:\n    print(*sys.modules, file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")
    loaded = set(done.stderr.split())
    heavy = {"pandas", "pint", "numpy", "scipy", "matplotlib", "pydantic", "docx", "jinja2"}
    assert "ecoval.cli" in loaded and not heavy & loaded
    own = {name for name in loaded if name.startswith("ecoval.")}
    assert {name for name in own if not name.startswith("ecoval.cli")} == {"ecoval.version"}


@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
def test_another_encoding_of_the_terminal_does_not_break_a_command(encoding) -> None:
    shown = _process("show", "water-virtual-treatment", PYTHONIOENCODING=encoding)
    assert shown.returncode == 0 and b"Traceback" not in shown.stderr
    assert b"water-virtual-treatment" in shown.stdout
    checked = _process("check", JINDONG, PYTHONIOENCODING=encoding)
    assert checked.returncode == 0 and b"16,563.00" in checked.stdout
    if encoding == "gbk":
        assert "人民币壹万陆仟伍佰陆拾叁元整" in checked.stdout.decode("gbk")


def test_json_for_another_program_loses_no_character() -> None:
    arguments = [each.replace("500 t", "500 m³").replace("元/t", "元/m³") for each in WATER]
    done = _process("value", *arguments, *REST, "--json", PYTHONIOENCODING="gbk")
    held = json.loads(done.stdout.decode("gbk"))
    assert held["inputs"][0]["text"] == "500 m³"
