"""Cells of a terminal table: no date, no number is cut, and no line begins with a closing mark."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from ecoval.cli.wrapping import Wrapped, wrapped


@pytest.mark.parametrize("width", [10, 11, 12, 15, 20, 40])
def test_a_date_and_a_number_stay_whole(width: int) -> None:
    text = "委托丁公司，2025-12-31 前完成（130,000.07 元，《办法》（十三））"
    lines = list(wrapped(text, width))
    assert max(map(cell_len, lines)) <= width
    assert any("2025-12-31" in line for line in lines)
    assert any("130,000.07" in line for line in lines)
    if width >= 12:
        assert not any(line[0] in "，）》" or line[-1] in "（《" for line in lines)


@settings(deadline=None)
@given(st.text("甲乙，（）0123-. ", max_size=60), st.integers(2, 30))
def test_nothing_is_lost_and_nothing_is_too_wide(text: str, width: int) -> None:
    lines = list(wrapped(text, width))
    assert re.sub(" ", "", "".join(lines)) == re.sub(" ", "", text)
    assert all(cell_len(line) <= width for line in lines)


def test_a_narrow_table_cuts_no_date() -> None:
    table = Table(padding=0)
    table.add_column("步骤")
    table.add_column("起算")
    table.add_row(Wrapped("将调查结论告知同级检察机关"), Wrapped("调查结束 2024-10-30"))
    written = io.StringIO()
    Console(file=written, width=30).print(table)
    assert "2024-10-30" in written.getvalue()
