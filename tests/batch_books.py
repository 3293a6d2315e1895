"""Books of cases, made for the tests of batches."""

from __future__ import annotations

import datetime as dt
import random
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from ecoval.batch import value_book
from ecoval.errors import EcovalError

HEADERS = [
    "案号",
    "地点",
    "日期",
    "排放数量 [t]",
    "单位治理成本 [元/t]",
    "危害系数",
    "超标系数",
    "环境功能系数",
]
GOOD = ["A-1", "330700", dt.date(2024, 6, 1), 500, 8.3, 1.5, 1.25, 2]
METHOD = "water-virtual-treatment"


def book_of(path: Path, *sheets: tuple[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def faults_of(path: Path, **more: object) -> list[str]:
    target = path.with_name("results.xlsx")
    return [str(fault) for fault in value_book(path, target, force=True, **more).faults]


def refused(path: Path, words: str, **more: object) -> None:
    with pytest.raises(EcovalError, match=words):
        value_book(path, path.with_name("results.xlsx"), **more)
    left = {each.name for each in path.parent.iterdir()} - {path.name}
    assert not [name for name in left if name.endswith((".partial", "results.xlsx"))]


def rezipped(path: Path, changes: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in (parts | changes).items():
            book.writestr(name, data)


def results_of(path: Path, sheet: str) -> pd.DataFrame:
    """The data of a results sheet below the row that has the header 状态."""
    book = openpyxl.load_workbook(path)
    rows = [[cell.value for cell in row] for row in book[sheet].iter_rows()]
    top = next(at for at, row in enumerate(rows) if "状态" in row)
    return pd.DataFrame(rows[top + 1 :], columns=rows[top])


def many(rows: int, seed: int = 3) -> list[list[object]]:
    dice = random.Random(seed)
    return [
        [
            f"案-{at // 3:04d}",
            dice.choice(["330700", "320600", "重庆市"]),
            dt.date(2021, 1, 1) + dt.timedelta(dice.randint(0, 1500)),
            round(dice.uniform(0.1, 5000), 3),
            round(dice.uniform(0.5, 60), 2),
            round(dice.uniform(1, 2), 2),
            round(dice.uniform(1, 2), 3),
            round(dice.uniform(1.5, 2.5), 1),
        ]
        for at in range(rows)
    ]


def stored_amounts(path: Path, sheet: str) -> list[float]:
    book = openpyxl.load_workbook(path, data_only=True)
    rows = [[cell.value for cell in row] for row in book[sheet].iter_rows()]
    return [row[rows[0].index("金额 [元]")] or 0.0 for row in rows[1:]]
