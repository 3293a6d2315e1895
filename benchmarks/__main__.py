"""``python -m benchmarks`` prints each measure as a ratio to its floor, and whether it holds.

Floor and subject are taken in turn, and the median of each counts, so that a busy machine disturbs
both alike. No test asks for a time: only ratios mean something on another machine.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from statistics import median

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
BARE = """
import typer
app = typer.Typer()
@app.callback()
def root(version: bool = typer.Option(False, "--version")): ...
@app.command()
def one(number: int = typer.Argument(1)): ...
@app.command()
def other(number: int = typer.Argument(1)): ...
app()
"""


def ratio(floor: Callable[[], object], subject: Callable[[], object], turns: int) -> float:
    """Return the median time of *subject* over the median time of *floor*, taken in turn."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(turns):
        for taken, run in zip(times, (floor, subject), strict=True):
            start = time.perf_counter()
            run()
            taken.append(time.perf_counter() - start)
    return median(times[1]) / median(times[0])


def started(*command: str) -> Callable[[], object]:
    """Return a run of a command whose output nobody reads."""
    return lambda: subprocess.run(command, capture_output=True, check=False)


def help_ratio() -> float:
    """``ecoval --help`` against a bare typer program of the same kind."""
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE, encoding="utf-8")
        floor = started(sys.executable, str(bare), "--help")
        return ratio(floor, started(sys.executable, "-m", "ecoval", "--help"), 12)


def version_ratio() -> float:
    """``ecoval --version`` against a bare typer program that prints its own."""
    text = BARE.replace(
        "app = typer.Typer()",
        "def show(asked: bool):\n    if asked:\n        typer.echo('1'); raise typer.Exit\n"
        "app = typer.Typer()",
    ).replace(
        'typer.Option(False, "--version")', "typer.Option(False, callback=show, is_eager=True)"
    )
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "bare.py"
        bare.write_text(text, encoding="utf-8")
        floor = started(sys.executable, str(bare), "--version")
        return ratio(floor, started(sys.executable, "-m", "ecoval", "--version"), 12)


def million_rows_ratio() -> float:
    """A million rows through water virtual treatment, checked, against the bare products."""
    from ecoval import Q_, water

    rows, random = 1_000_000, np.random.default_rng(1)
    discharge, cost = random.uniform(1, 1e5, rows), random.uniform(0.1, 50, rows)
    hazard, exceedance = random.uniform(1, 2, rows), random.uniform(1, 2, rows)
    function = random.uniform(1.5, 2.5, rows)
    with_unit, priced = Q_(discharge, "t"), Q_(cost, "元/t")
    return ratio(
        lambda: discharge * cost * (hazard * exceedance * function),
        lambda: water.virtual_treatment.column(
            discharge=with_unit,
            unit_cost=priced,
            hazard=hazard,
            exceedance=exceedance,
            function=function,
            on="2024-06-01",
        ),
        40,
    )


def scalar_ratio() -> float:
    """One item, record and all, against the bare pint arithmetic of its formula."""
    from ecoval import Q_, water

    given = [Q_(500, "t"), Q_(8.3, "元/t"), Q_(1.5), Q_(1.25), Q_(2.0)]

    def bare() -> None:
        for _ in range(200):
            given[0] * given[1] * (given[2] * given[3] * given[4])

    def own() -> None:
        for _ in range(200):
            water.virtual_treatment(
                discharge="500 t",
                unit_cost="8.3 元/t",
                hazard=1.5,
                exceedance=1.25,
                function=2,
                on="2024-06-01",
            )

    return ratio(bare, own, 12)


def equivalency_ratio() -> float:
    """A habitat equivalency of 10,000 draws and 100 years a side, against the same in bare numpy."""
    from ecoval import equivalency
    from ecoval.valuation.uncertainty import simulate

    size, years = 10_000, 100
    item = equivalency.project_size(
        quantity="100 公顷",
        loss={"path": "linear", "first": 0.8, "last": 0, "years": years},
        gain={"path": "ramp", "plateau": 0.5, "years": 10, "life": years},
        convention={"level_at": "mid", "discount_at": "end"},
        rate="3 %",
        value_ratio=1,
        success="80 %",
        equivalency_ratio=1,
        on="2024-06-01",
    )
    draws = {
        "quantity": {"dist": "uniform", "low": 80, "high": 120},
        "loss.first": {"dist": "uniform", "low": 0.6, "high": 1},
        "gain.plateau": {"dist": "uniform", "low": 0.4, "high": 0.6},
        "rate": {"dist": "uniform", "low": 0.02, "high": 0.05},
    }

    def bare() -> object:
        random = np.random.default_rng(1)
        quantity, first = random.uniform(80, 120, size), random.uniform(0.6, 1, size)
        plateau, rate = random.uniform(0.4, 0.6, size), random.uniform(0.02, 0.05, size)
        year = np.arange(years)[:, None]
        factor = (1 + rate) ** -(year + 1.0)
        loss = first * (1 - (year + 0.5) / years)
        gain = plateau * np.minimum((year + 0.5) / 10, 1)
        result = quantity * (loss * factor).sum(axis=0) / ((gain * factor).sum(axis=0) * 0.8)
        return result.mean(), np.quantile(result, [0.05, 0.25, 0.5, 0.75, 0.95])

    def own() -> object:
        found = simulate(item, draws, seed=1, size=size, sampling="random")
        return found.mean, found.quantiles()

    return ratio(bare, own, 20)


def opinion_ratio() -> float:
    """The opinion without PDF, from the case file on, against the bare render of its template."""
    from docxtpl import DocxTemplate
    from jinja2 import Environment

    from ecoval.case import Case
    from ecoval.report import write_opinion
    from ecoval.report.context import context

    path = ROOT / "examples" / "jindong-2024.toml"
    assessment = Case.read(path).assess()

    def bare() -> None:
        template = DocxTemplate(str(ROOT / "templates" / "opinion.docx"))
        template.render(context(assessment), Environment(autoescape=True), autoescape=True)
        template.save(BytesIO())

    with tempfile.TemporaryDirectory() as folder:
        return ratio(
            bare,
            lambda: write_opinion(
                Case.read(path).assess(), Path(folder), name="case", force=True, pdf=False
            ),
            12,
        )


def opinions_a_second() -> float:
    """Opinions a second in one process, from the case file to Word, HTML and JSON."""
    from ecoval.case import Case
    from ecoval.report import write_opinion

    path = ROOT / "examples" / "jindong-2024.toml"
    with tempfile.TemporaryDirectory() as folder:

        def once() -> None:
            write_opinion(
                Case.read(path).assess(), Path(folder), name="case", force=True, pdf=False
            )

        once()
        start = time.perf_counter()
        for _ in range(40):
            once()
        return 40 / (time.perf_counter() - start)


def audit_ratio() -> float:
    """The audit workbook of twenty items against a bare xlsxwriter that writes the same cells."""
    import openpyxl
    import xlsxwriter

    from ecoval.audit import write_audit
    from ecoval.case import Case

    case = Case.read(ROOT / "examples" / "jindong-2024.toml")
    case.items = case.items * 10
    assessment = case.assess()
    with tempfile.TemporaryDirectory() as folder:
        path, bare_path = Path(folder) / "audit.xlsx", Path(folder) / "bare.xlsx"
        write_audit(assessment, path)
        cells = [
            (sheet.title, cell.row - 1, cell.column - 1, getattr(cell.value, "text", cell.value))
            for sheet in openpyxl.load_workbook(path)
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        ]

        def bare() -> None:
            with xlsxwriter.Workbook(bare_path) as book:
                sheets: dict[str, object] = {}
                for name, row, column, value in cells:
                    if name not in sheets:
                        sheets[name] = book.add_worksheet(name)
                    sheets[name].write(row, column, value)  # type: ignore[attr-defined]

        return ratio(bare, lambda: write_audit(assessment, path, force=True), 12)


def verify_ratio() -> float:
    """Verifying a Word opinion against the making of it, from the case file on."""
    from ecoval.case import Case
    from ecoval.report import write_opinion
    from ecoval.verify import verify

    path = ROOT / "examples" / "jindong-2024.toml"
    with tempfile.TemporaryDirectory() as folder:

        def make() -> None:
            write_opinion(
                Case.read(path).assess(), Path(folder), name="case", force=True, pdf=False
            )

        make()
        return ratio(make, lambda: verify(Path(folder) / "case.docx"), 12)


def assessment_ratio() -> float:
    """A quick case of twenty items with every part of punitive damages and settlement, assessed,
    against its twenty valuations."""
    import tomllib

    from ecoval.case import Case
    from ecoval.case.model import value_entry

    path = ROOT / "benchmarks" / "whole.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    inputs = {"discharge": "500 t", "unit_cost": "8.3 元/t", "hazard": 1.5, "exceedance": 1.25}
    conditions = {"act_established": True, "damage_unclear": True}
    conditions |= {"actual_cost_known": False, "damage_determinable": False}
    water = {"method": "water-virtual-treatment", "head": "restoration"}
    data["item"] += [
        {
            **water,
            "object": f"第 {number} 段河道",
            "inputs": {**inputs, "function": 2},
            "conditions": conditions,
        }
        for number in range(20 - len(data["item"]))
    ]
    case = Case(**data)

    def valuations() -> None:
        for place, entry in enumerate(case.items, start=1):
            # The amount to the fen is what a valuation is for.
            _ = value_entry(entry, case, place).fens

    return ratio(valuations, case.assess, 200)


MEASURES: list[tuple[str, Callable[[], float], float, bool]] = [
    ("ecoval --version / bare typer program", version_ratio, 1.5, True),
    ("ecoval --help / bare typer program", help_ratio, 1.5, True),
    ("a million rows / bare numpy products", million_rows_ratio, 1.3, True),
    ("one item with its record / bare pint", scalar_ratio, 15, True),
    ("10,000 draws of 100 years / bare numpy", equivalency_ratio, 1.5, True),
    ("opinion without PDF / bare docxtpl render", opinion_ratio, 2, True),
    ("twenty items, rules, punitive, settlement / their valuations", assessment_ratio, 1.5, True),
    ("opinions a second in one process", opinions_a_second, 12, False),
    ("audit workbook of twenty items / bare xlsxwriter of its cells", audit_ratio, 1.5, True),
    ("verify / making the document", verify_ratio, 2, True),
]


def main() -> None:
    """Print every measure whose name holds one of the words given, or all."""
    words = sys.argv[1:]
    missed = 0
    for name, measure, bound, is_ceiling in MEASURES:
        if words and not any(word in name for word in words):
            continue
        found = measure()
        holds = found <= bound if is_ceiling else found >= bound
        missed += not holds
        sign = "<=" if is_ceiling else ">="
        print(f"{found:8.2f}  {sign} {bound:<5g} {'ok  ' if holds else 'MISS'}  {name}", flush=True)
    raise SystemExit(1 if missed else 0)


if __name__ == "__main__":
    main()
