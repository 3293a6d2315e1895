"""The audit workbook: LibreOffice recalculates it, and agrees to the fen with what was computed."""

import json
import os
import random
import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from ecoval import Case
from ecoval.audit import carried, write_audit
from ecoval.audit.book import AGREE, DIFFER, Book
from ecoval.audit.inputs import Inputs, Parameters
from ecoval.audit.item_sheet import Parts, write_item
from ecoval.audit.rounding import rounded
from ecoval.audit.tables import Tables
from ecoval.cli import main
from ecoval.errors import EcovalError, InputError, OutputError
from ecoval.money import Rounding, fen
from ecoval.valuation.registry import method

from .audit_cases import case_at_random, moved, moved_case
from .golden import golden_cases

TESTS = Path(__file__).parent
EXAMPLES = TESTS.parent / "examples"
SEED = 20261122
# All of it by hand now and then: ECOVAL_AUDIT_CASES=100 python -m pytest tests/test_audit.py
RANDOM = int(os.environ.get("ECOVAL_AUDIT_CASES", "6"))
WHOLE = RANDOM > 6
MOVED = ("whole", "wetland-equivalency", "chongqing-2016", "settlement-taizhou-2014")
SOFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")

# Recalculate on load, always: LibreOffice otherwise believes the values stored in the file.
RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode"><value>0</value></prop></item></oor:items>
"""


def recalculated_all(paths, out):
    """Return the workbooks *paths* with every value as LibreOffice computes it, in one start of it."""
    (out / "profile" / "user").mkdir(parents=True, exist_ok=True)
    settings = out / "profile" / "user" / "registrymodifications.xcu"
    settings.write_text(RECALCULATE, encoding="utf-8")
    command = [SOFFICE, f"-env:UserInstallation={(out / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "xlsx", "--outdir", str(out), *map(str, paths)]
    subprocess.run(command, check=True, capture_output=True, timeout=120 + 20 * len(paths))
    return {path.stem: openpyxl.load_workbook(out / path.name, data_only=True) for path in paths}


def values_of(book, names):
    """Return the values of the cells that *names* (defined names) stand for."""
    found = []
    for name in names:
        (where,) = book.defined_names[name].destinations
        sheet, cell = where
        found.append(book[sheet][cell.replace("$", "")].value)
    return found


def golden_book(path, items):
    """Write *items* below each other (a sheet each is slow to read); return their results' names."""
    book = Book(xlsxwriter.Workbook(path), "test")
    parts = Parts(book, Inputs(book), Parameters(book), Tables(book))
    sheet = book.sheet("项", (10, 30, 20, 10, 40, 20, 10))
    names = [
        write_item(parts, item, sheet, f"项{place}").reference
        for place, item in enumerate(items, start=1)
    ]
    book.workbook.close()
    return names


def with_inputs_of(path, other, to):
    """Write *path* to *to* with the free cells of the workbook *other*, by their names.

    Return whether each input of *other* has its cell in *path*: what a person could have typed.
    """
    book, wanted = openpyxl.load_workbook(path), openpyxl.load_workbook(other)
    same = book.defined_names.keys() == wanted.defined_names.keys()
    for name, defined in book.defined_names.items():
        (sheet, cells), *_ = defined.destinations
        if sheet != "输入" or not same:
            continue
        ((_, found),) = wanted.defined_names[name].destinations
        if found != cells:
            return False
        area = book[sheet][cells.replace("$", "")]
        for row in area if isinstance(area, tuple) else ((area,),):
            for cell in row:
                if not cell.protection.locked:
                    cell.value = wanted[sheet][cell.coordinate].value
    book.save(to)
    return same


def valued():
    for case in golden_cases():
        if case.expect:
            yield (
                case.method,
                case.name,
                method(case.method).value(
                    case.inputs, on=case.on, place=case.jurisdiction, overrule=case.overrule
                ),
            )


def refused():
    return [case for case in golden_cases() if not case.expect]


def agrees(live, item):
    if not isinstance(live, (int, float)):
        return False
    if item.fens is not None:
        return fen(float(live), item.rounding) == item.fens
    return live == pytest.approx(item.exact, rel=1e-9)


def settlement_cases():
    for path in sorted((TESTS / "settlements").glob("*.toml")):
        held = tomllib.loads(path.read_text(encoding="utf-8"))
        case = Case.read(TESTS.parent / held["file"]) if "file" in held else Case(**held["case"])
        yield f"settlement-{path.stem}", case


def whole_cases():
    """Every example, every settlement that was published, the made-up case that has every part."""
    for path in sorted(EXAMPLES.glob("*.toml")):
        yield path.stem, Case.read(path)
    yield from settlement_cases()
    yield "whole", Case.read(TESTS.parent / "benchmarks" / "whole.toml")


AMOUNTS = [0.0, 2.675, 2.665, 1.005, 15562.5, 150.0, 50.0, 25000.0, 15000.0, 99999.995, 0.29]
AMOUNTS += [-amount for amount in AMOUNTS]
ROUNDINGS = [
    Rounding(to, rule)
    for rule in ("half-up", "half-even", "down")
    for to in ("分", "角", "元", "百元", "万元")
]


def rounding_book(path):
    with xlsxwriter.Workbook(path) as book:
        for rounding in ROUNDINGS:
            sheet = book.add_worksheet(f"{rounding.to} {rounding.rule}")
            for row, amount in enumerate(AMOUNTS, start=1):
                sheet.write_number(f"A{row}", amount)
                sheet.write_formula(f"B{row}", "=" + rounded(f"A{row}", rounding))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Every workbook of the tests below, recalculated by LibreOffice in one start of it.

    A case stands as written, or with the inputs of another case typed into its cells, or both.
    """
    folder = tmp_path_factory.mktemp("audit")
    paths, expected, names = [], {}, {}
    rounding_book(folder / "rounding.xlsx")
    golden = list(valued())
    names["golden"] = golden_book(folder / "golden.xlsx", [item for _, _, item in golden])
    paths += [folder / "rounding.xlsx", folder / "golden.xlsx"]
    dice = random.Random(SEED)
    changed = []
    for id, name, item in golden:
        if not WHOLE and any(each[0] == id for each in changed):
            continue
        other = pushed(dice, method(id), item)
        if other is not None and shape(other) == shape(item):
            changed.append((id, name, item, other))
    names["changed"] = golden_book(folder / "before.xlsx", [item for _, _, item, _ in changed])
    golden_book(folder / "after.xlsx", [other for _, _, _, other in changed])
    assert with_inputs_of(folder / "before.xlsx", folder / "after.xlsx", folder / "changed.xlsx")
    paths.append(folder / "changed.xlsx")
    cases = [(name, case, WHOLE or name in MOVED) for name, case in whole_cases()]
    cases += [
        (f"random-{seed}", case_at_random(random.Random(SEED + seed)), True)
        for seed in range(RANDOM)
    ]
    for name, case, is_moved in cases:
        assessment = case.assess()
        path = write_audit(assessment, folder / f"{name}.xlsx")
        typed = False
        if is_moved:
            other = moved_case(random.Random(f"{SEED}{name}"), case)
            after = write_audit(other, folder / f"{name}-after.xlsx")
            typed = with_inputs_of(path, after, folder / f"{name}-moved.xlsx")
        if typed:
            paths.append(folder / f"{name}-moved.xlsx")
            expected[f"{name}-moved"] = other
        # A random case whose other inputs need other cells stands as it was written.
        if not (typed and name.startswith("random")):
            paths.append(path)
            expected[name] = assessment
    return Made(golden, changed, names, expected, recalculated_all(paths, folder / "out"))


@dataclass
class Made:
    golden: list
    changed: list
    names: dict
    expected: dict
    books: dict


def shape(item):
    """What of *item* decides where its inputs stand in the workbook."""
    texts = {name: text for name, text in item.choices.items() if name not in READ_BY_A_PATH}
    lines = [(used.term.name, len(used.values), used.units, used.origin) for used in item.inputs]
    return texts, lines, [shape(each) for each in item.parts]


READ_BY_A_PATH = ("loss", "gain", "ages", "convention")


def pushed(dice, of, item):
    """Return *item* valued with some of its inputs moved, None where it is refused each time."""
    for _ in range(4):
        try:
            found = of.value(
                moved(dice, dict(item.given)),
                on=item.on,
                place=item.place,
                overrule={
                    **item.overrule,
                    **{used.term.name: "改动试验" for used in item.inputs},
                },
            )
        except EcovalError:
            continue
        if found.exact != item.exact:
            return found
    return None


@needs_office
def test_every_golden_case_recalculates_to_the_fen(made):
    live = values_of(made.books["golden"], made.names["golden"])
    wrong = [
        f"{id} {name}: {value} against {item.exact}"
        for (id, name, item), value in zip(made.golden, live, strict=True)
        if not agrees(value, item)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("case", refused(), ids=lambda case: f"{case.method}: {case.name}")
def test_a_golden_case_without_a_figure_is_refused_by_name(case):
    with pytest.raises(EcovalError, match=case.match) as raised:
        method(case.method).value(
            case.inputs, on=case.on, place=case.jurisdiction, overrule=case.overrule
        )
    assert type(raised.value).__name__ == case.raises


@needs_office
def test_a_changed_input_moves_the_result_as_ecoval_would(made):
    assert len({id for id, *_ in made.changed}) > 150
    live = values_of(made.books["changed"], made.names["changed"])
    wrong = [
        f"{id} {name}: {value} against {other.exact}, before {item.exact}"
        for (id, name, item, other), value in zip(made.changed, live, strict=True)
        if not agrees(value, other)
    ]
    assert not wrong, "\n".join(wrong)


def figures_of(assessment):
    """Every figure of the sheets on performance, in yuan, by what is stored of it."""
    found = [assessment.total / 100]
    if assessment.punitive is not None and assessment.punitive.amount is not None:
        found.append(assessment.punitive.amount / 100)
    if assessment.settlement is not None:
        found += [line.fens / 100 for line in assessment.settlement.lines]
    return found


@needs_office
def test_each_case_agrees_with_its_assessment(made):
    wrong = []
    for name, assessment in made.expected.items():
        book = made.books[name]
        (total,) = values_of(book, ["合计"])
        if round(total * 100) != assessment.total:
            wrong.append(f"{name}: {total} against {assessment.total}")
        rows = [row for row in book["核对"].iter_rows(min_row=5, values_only=True) if row[0]]
        assert rows
        if not name.endswith("-moved"):
            wrong += [f"{name}: {row}" for row in rows if row[4] != AGREE]
            assert book["核对"]["B2"].value == len([row for row in rows if row[4] != AGREE])
    assert not wrong, "\n".join(wrong)


@needs_office
def test_each_case_moves_as_ecoval_would(made, tmp_path):
    """Every live figure of a case with changed inputs is the stored one of the case so changed."""
    wrong, moved = [], 0
    for name, assessment in made.expected.items():
        if not name.endswith("-moved"):
            continue
        moved += 1
        book = openpyxl.load_workbook(write_audit(assessment, tmp_path / f"{name}.xlsx"))
        stored = [row[0].value for row in book["核对"].iter_rows(min_row=5, min_col=4, max_col=4)]
        live = list(made.books[name]["核对"].iter_rows(min_row=5, values_only=True))
        for row, cell in zip(live, stored, strict=True):
            if not row[0]:
                continue
            sheet, _, at = cell.removeprefix("=").rpartition("!")
            value = book[sheet.strip("'")][at.replace("$", "")].value if sheet else None
            if isinstance(value, str) or value is None:
                continue
            cents = row[0] in ("汇总", "惩罚性赔偿", "履行方案", "义务人") or row[1][:2] == "金额"
            reach = 0.005 if cents else 1e-9 * max(1, abs(value))
            if not isinstance(row[2], (int, float)) or abs(row[2] - value) > reach:
                wrong.append(f"{name}: {row[:3]} against {value}")
    assert moved > RANDOM // 2
    assert not wrong, "\n".join(wrong)


@needs_office
@pytest.mark.parametrize("rounding", ROUNDINGS, ids=lambda each: f"{each.to} {each.rule}")
def test_the_rounding_formula_rounds_as_money_does(made, rounding):
    live = made.books["rounding"][f"{rounding.to} {rounding.rule}"]
    for row, amount in enumerate(AMOUNTS, start=1):
        wanted = fen(amount, rounding)
        assert round(live[f"B{row}"].value * 100) == wanted, (amount, live[f"B{row}"].value)


@needs_office
def test_a_stored_figure_that_was_tampered_with_turns_red(tmp_path):
    assessment = Case.read(EXAMPLES / "jindong-2024.toml").assess()
    write_audit(assessment, tmp_path / "audit.xlsx")
    book = openpyxl.load_workbook(tmp_path / "audit.xlsx")
    for row in book["输入"].iter_rows(min_row=4):
        if row[2].value == "排放数量":
            row[3].value = 501
    book.save(tmp_path / "changed.xlsx")
    live = recalculated_all([tmp_path / "changed.xlsx"], tmp_path / "out")["changed"]
    said = [row[4] for row in live["核对"].iter_rows(min_row=5, values_only=True) if row[0]]
    assert DIFFER in said
    assert live["核对"]["B2"].value == said.count(DIFFER)
    assert live["说明"]["B8"].value == DIFFER


def test_the_workbook_carries_the_whole_assessment(tmp_path):
    assessment = Case.read(EXAMPLES / "jindong-2024.toml").assess()
    path = write_audit(assessment, tmp_path / "audit.xlsx")
    assert carried(path) == json.loads(json.dumps(assessment.as_dict()))


@needs_office
def test_the_case_survives_a_save_by_libreoffice(tmp_path):
    assessment = Case.read(EXAMPLES / "jindong-2024.toml").assess()
    write_audit(assessment, tmp_path / "audit.xlsx")
    recalculated_all([tmp_path / "audit.xlsx"], tmp_path / "out")
    again = carried(tmp_path / "out" / "audit.xlsx")
    assert again == json.loads(json.dumps(assessment.as_dict()))


def test_only_inputs_are_free_and_text_is_never_a_formula(tmp_path):
    case = Case.read(EXAMPLES / "jindong-2024.toml")
    case.title = "=1+1"
    case.items[0].inputs["discharge"]["note"] = '=HYPERLINK("http://x","y")'
    write_audit(case.assess(), tmp_path / "audit.xlsx")
    book = openpyxl.load_workbook(tmp_path / "audit.xlsx")
    free = {
        (sheet.title, cell.coordinate)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked and cell.value is not None
    }
    assert {name for name, _ in free} <= {"输入", "说明"}
    texts = [
        cell
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and ("HYPERLINK" in cell.value or "=1+1" in cell.value)
    ]
    assert texts
    assert all(cell.data_type == "s" for cell in texts)


def test_an_existing_file_is_kept(tmp_path):
    assessment = Case.read(EXAMPLES / "jindong-2024.toml").assess()
    path = tmp_path / "audit.xlsx"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="文件已存在，未覆盖"):
        write_audit(assessment, path)
    assert path.read_text(encoding="utf-8") == "mine"
    write_audit(assessment, path, force=True)
    assert carried(path)["fingerprint"] == assessment.fingerprint


@pytest.mark.skipif(os.name == "nt", reason="folders have no such permission on Windows")
def test_a_folder_that_is_a_file_is_said(tmp_path):
    (tmp_path / "out").write_text("", encoding="utf-8")
    assessment = Case.read(EXAMPLES / "jindong-2024.toml").assess()
    with pytest.raises(OutputError, match="不能写入"):
        write_audit(assessment, tmp_path / "out" / "audit.xlsx")


def test_what_carries_no_case_is_refused(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "other.xlsx") as book:
        book.add_worksheet("s")
    with pytest.raises(InputError, match="工作簿中没有案卷"):
        carried(tmp_path / "other.xlsx")
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 no zip")
    with pytest.raises(InputError, match="不能读取工作簿"):
        carried(tmp_path / "broken.xlsx")


def test_the_command_writes_the_workbook(tmp_path, capsys, monkeypatch):
    path = tmp_path / "audit.xlsx"
    arguments = ["ecoval", "audit", str(EXAMPLES / "jindong-2024.toml"), "-o", str(path)]
    monkeypatch.setattr("sys.argv", arguments)
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    assert "已写" in capsys.readouterr().out
    assert path.is_file()
