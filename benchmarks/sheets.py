"""The batch against its floors: the bare reader and writer, LibreOffice, pandas with openpyxl.

``python -m benchmarks sheets`` makes a workbook of 100,000 rows and 30 columns and takes each
subject in turn with its floor.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import lru_cache
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

METHOD = "water-virtual-treatment"
TERMS = ["排放数量 [t]", "单位治理成本 [元/t]", "危害系数", "超标系数", "环境功能系数"]
ROWS, NUMBERS = 100_000, 27


@lru_cache(maxsize=1)
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="ecoval-benchmark-"))


@lru_cache(maxsize=4)
def _frame(rows: int):  # type: ignore[no-untyped-def]
    import pandas as pd

    random = np.random.default_rng(5)
    frame: dict[str, Any] = {"案号": [f"A-{row:07d}" for row in range(rows)]}
    frame["地点"] = random.choice(["330700", "320600", "500000", "江苏省南通市"], rows).tolist()
    days = pd.Timestamp("2021-01-01") + pd.to_timedelta(random.integers(0, 1800, rows), unit="D")
    frame["日期"] = days.strftime("%Y-%m-%d").tolist()
    for name, (low, high) in zip(
        TERMS, ((1, 1e5), (1, 50), (1, 2), (1, 2), (1.5, 2.5)), strict=True
    ):
        frame[name] = random.uniform(low, high, rows).round(2)
    for place in range(NUMBERS - len(TERMS)):
        frame[f"其他 {place + 1}"] = random.uniform(0, 1e4, rows).round(3)
    return pd.DataFrame(frame)


def book(rows: int = ROWS) -> Path:
    """Return a workbook of *rows* rows and thirty columns."""
    import polars
    import rustpy_xlsxwriter as rust

    path = _folder() / f"cases-{rows}.xlsx"
    if not path.exists():
        rust.write_worksheet(polars.from_pandas(_frame(rows)), str(path), sheet_name=METHOD)
    return path


def parquet(rows: int = ROWS) -> Path:
    """Return the same rows as a Parquet file."""
    path = _folder() / f"cases-{rows}.parquet"
    if not path.exists():
        _frame(rows).to_parquet(path)
    return path


_numbers = count()


def value(source: Path, suffix: str) -> Path:
    """Value *source* with ecoval, into a file that was not there before; all go at the end."""
    from ecoval.batch import value_book

    target = _folder() / f"results-{os.getpid()}-{next(_numbers)}{suffix}"
    value_book(source, target, method=METHOD)
    return target


def bare(source: Path, results: Path) -> None:
    """Read *source* with the fastest reader, and write the cells of *results* with the fastest writer."""
    import fastexcel
    import rustpy_xlsxwriter as rust

    fastexcel.read_excel(source).load_sheet(0, header_row=0, schema_sample_rows=None).to_arrow()
    start = time.perf_counter()
    cells = _result_cells(results)
    bare.away += time.perf_counter() - start  # type: ignore[attr-defined]
    rust.write_worksheet(cells, str(_folder() / "bare.xlsx"), sheet_name=METHOD)


@lru_cache(maxsize=2)
def _result_cells(results: Path):  # type: ignore[no-untyped-def]
    import fastexcel

    sheet = fastexcel.read_excel(results).load_sheet(METHOD, header_row=0, schema_sample_rows=None)
    return sheet.to_arrow()


def with_pandas(source: Path, results: Path) -> None:
    """Read *source* and write the cells of the results with pandas and openpyxl."""
    import pandas as pd

    pd.read_excel(source, engine="openpyxl")
    _result_cells(results).to_pandas().to_excel(
        _folder() / "pandas.xlsx", index=False, engine="openpyxl"
    )


@lru_cache(maxsize=1)
def formula_book() -> Path:
    """Return a workbook of 100,000 rows with 24 numbers and 6 formulas each."""
    import xlsxwriter

    path, random = _folder() / "formulas.xlsx", np.random.default_rng(6)
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as made:
        sheet = made.add_worksheet("cases")
        for row in range(ROWS):
            sheet.write_row(row, 0, random.uniform(1, 100, 24).round(3).tolist())
            n = row + 1
            for at, text in enumerate(
                (f"=A{n}*B{n}*C{n}", f"=Y{n}*D{n}", f"=ROUND(Z{n},2)", f"=E{n}*F{n}+G{n}",
                 f"=IF(H{n}>50,I{n},J{n})", f"=AA{n}+AB{n}")
            ):  # fmt: skip
                sheet.write_formula(row, 24 + at, text)
    return path


def libreoffice() -> None:
    """Have LibreOffice recalculate and convert the workbook of formulas."""
    soffice = shutil.which("soffice")
    assert soffice, "LibreOffice is needed for this measure"
    profile = (_folder() / "profile").as_uri()
    command = [
        soffice,
        f"-env:UserInstallation={profile}",
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
    ]
    command += ["--outdir", str(_folder() / "office"), str(formula_book())]
    subprocess.run(command, check=True, capture_output=True)


def turns(count: int, *runs: Callable[[], object]) -> list[float]:
    """Return the median time of each of *runs*, taken in turn."""
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(count):
        for taken, run in zip(times, runs, strict=True):
            bare.away = 0.0  # type: ignore[attr-defined]
            start = time.perf_counter()
            run()
            taken.append(time.perf_counter() - start - bare.away)  # type: ignore[attr-defined]
    return [median(taken) for taken in times]


def own_process(source: Path, suffix: str) -> tuple[float, float]:
    """Return the seconds and the peak memory (GB) of a run in a process of its own."""
    code = (
        "import sys, time, resource; from pathlib import Path; from benchmarks import sheets\n"
        "sheets._folder = lambda: Path(sys.argv[2])\n"
        "from ecoval.valuation import methods; methods()\n"
        "start = time.perf_counter(); sheets.value(Path(sys.argv[1]), sys.argv[3])\n"
        "print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)"
    )
    command = [sys.executable, "-c", code, str(source), str(_folder()), suffix]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, memory = done.stdout.split()
    return float(seconds), float(memory)


def monte_carlo() -> float:
    """Return the time of a Monte Carlo over a million rows on one worker of Dask, over that on two."""
    from ecoval.batch.partitions import cluster
    from ecoval.batch.totals import draw_totals

    source = _folder() / "drawn.parquet"
    _frame(1_000_000).to_parquet(source, row_group_size=62_500)
    price = {"unit_cost": {"dist": "triangular", "low": 0.8, "mode": 1, "high": 1.3}}
    times: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(3):
        for workers, taken in times.items():
            with cluster(workers=workers) as client:
                client.run(_warm)
                start = time.perf_counter()
                draw_totals(
                    source, price, method=METHOD, size=200, client=client, rows=62_500, place="CN"
                )
                taken.append(time.perf_counter() - start)
    return median(times[1]) / median(times[2])


def _warm() -> None:
    """Have a worker read the rules, as one that has worked before."""
    from ecoval.valuation import methods

    methods()


def main(words: list[str]) -> int:
    """Print each ratio with its bound; return how many were missed."""
    missed = 0

    def say(name: str, found: float, bound: float, *, ceiling: bool) -> None:
        nonlocal missed
        holds = found <= bound if ceiling else found >= bound
        missed += not holds
        print(
            f"{found:8.2f}  {'<=' if ceiling else '>='} {bound:<5g} {'ok  ' if holds else 'MISS'}  {name}",
            flush=True,
        )

    wanted = set(words) or {"floor", "office", "pandas", "million", "workbook-million", "dask"}
    source, held = book(), parquet()
    results = value(source, ".xlsx")
    _result_cells(results)
    if "floor" in wanted:
        ours, floor = turns(5, lambda: value(source, ".xlsx"), lambda: bare(source, results))
        say("workbook in, results out / bare reader and writer", ours / floor, 1.3, ceiling=True)
    if "office" in wanted:
        value(held, ".parquet")
        theirs, ours, flat = turns(
            3, libreoffice, lambda: value(source, ".xlsx"), lambda: value(held, ".parquet")
        )
        say(
            "LibreOffice recalculating / workbook in, results out",
            theirs / ours,
            1.6,
            ceiling=False,
        )
        say("LibreOffice recalculating / parquet to parquet", theirs / flat, 50, ceiling=False)
    if "pandas" in wanted:
        theirs, ours = turns(
            1, lambda: with_pandas(source, results), lambda: value(source, ".xlsx")
        )
        say("pandas with openpyxl / workbook in, results out", theirs / ours, 8, ceiling=False)
    if "dask" in wanted:
        say("Monte Carlo on one Dask worker / on two", monte_carlo(), 1.7, ceiling=False)
    for name, make, suffix in (
        ("million", parquet, ".parquet"),
        ("workbook-million", book, ".xlsx"),
    ):
        if name in wanted:
            small = median(own_process(make(ROWS), suffix)[0] for _ in range(3))
            seconds, memory = own_process(make(1_000_000), suffix)
            say(
                f"a million rows / a hundred thousand, {suffix}",
                seconds / small,
                10.5,
                ceiling=True,
            )
            say(f"peak memory of a million rows, {suffix}, GB", memory, 2, ceiling=True)
    shutil.rmtree(_folder(), ignore_errors=True)
    return missed


if __name__ == "__main__":
    raise SystemExit(1 if main(sys.argv[1:]) else 0)
