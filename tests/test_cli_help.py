"""Help and lists on the screen: nothing is lost to markup, broken or left in English."""

from __future__ import annotations

import re
import sys
from typing import Any

import pytest
from rich.cells import cell_len
from typer.main import get_command

from ecoval.cli import app, main
from ecoval.rules.heads import HEADS
from ecoval.rules.tables import table, table_ids
from ecoval.valuation.golden import golden_of
from ecoval.valuation.showing import table_text

ROOT: Any = get_command(app)
COMMANDS = ROOT.commands


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command line in this process on a terminal of so many columns."""

    def ran(*arguments: str, columns: int = 300) -> str:
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setattr(sys, "argv", ["ecoval", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        assert not ended.value.code and not err
        return str(out)

    return ran


def _joined(text: str) -> str:
    return re.sub(r"[\s│╭╮╰╯─]", "", text)


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_has_every_word_that_was_written_for_it(run, name) -> None:
    said = _joined(run(*([name] if name else []), "--help"))
    command = COMMANDS[name] if name else ROOT
    texts = [command.help, *(each.help for each in command.params)]
    texts += [] if name else [each.help for each in COMMANDS.values()]
    for text in texts:
        assert _joined(text or "") in said
    # Types are named in Chinese, and help is not left escaped for the next time.
    assert not re.search(r"<[a-z]", said)
    assert "\\[" not in said
    assert _joined(run(*([name] if name else []), "--help")) == said


def test_the_section_of_a_case_file_is_named_in_help(run) -> None:
    assert "由案件文件的 [dates] 推算各项期限" in run("deadlines", "--help")
    assert "[dates]" in run("--help")


def test_codes_are_not_broken_on_a_narrow_terminal(run) -> None:
    out = run("methods", columns=80)
    words = set(re.findall(r"[a-z]{3,}", " ".join(line[36:] for line in out.splitlines())))
    assert {*HEADS} >= {word for word in words if any(head.startswith(word) for head in HEADS)}
    assert {"restoration", "investigation"} <= words
    assert all(cell_len(line) <= 80 for line in out.splitlines())


@pytest.mark.parametrize("id", table_ids())
def test_the_columns_of_a_table_stand_under_each_other(id) -> None:
    held = table(id)
    lines = table_text(held).splitlines()[-len(held.rows) - 1 :]
    assert "\t" not in "\n".join(lines)
    at = lines[0].index("可信度")
    place = cell_len(lines[0][:at])
    for line in lines[1:]:
        taken = 0
        while cell_len(line[:taken]) < place:
            taken += 1
        assert cell_len(line[:taken]) == place
        assert line[:taken].endswith(" ") and not line[taken:].startswith(" ")


def test_show_names_the_origin_of_a_case_and_not_its_english_name(run) -> None:
    out = run("show", "cost-ledger")
    case = next(each for each in golden_of("cost-ledger") if each.expect)
    assert f"验证  {case.expect}（{case.on}）" in out
    assert f"出处 {case.origin}" in out
    assert case.name not in out
