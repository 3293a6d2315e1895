"""The audit workbook: LibreOffice recalculates it, and agrees to the fen with what was computed."""

import copy
import json
import os
import random
import shutil
import subprocess
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

from .golden import golden_cases

EXAMPLES = Path(__file__).parent.parent / "examples"
SOFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")

# Recalculate on load, always: LibreOffice otherwise believes the values stored in the file.
RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode"><value>0</value></prop></item></oor:items>
"""


def recalculated(path):
    """Return the workbook *path* with every value as LibreOffice computes it."""
    out = path.parent / "recalculated"
    (out / "profile" / "user").mkdir(parents=True, exist_ok=True)
    settings = out / "profile" / "user" / "registrymodifications.xcu"
    settings.write_text(RECALCULATE, encoding="utf-8")
    command = [SOFFICE, f"-env:UserInstallation={(out / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "xlsx", "--outdir", str(out), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return openpyxl.load_workbook(out / path.name, data_only=True)


def values_of(book, names):
    """Return the values of the cells that *names* (defined names) stand for."""
    found = []
    for name in names:
        (where,) = book.defined_names[name].destinations
        sheet, cell = where
        found.append(book[sheet][cell.replace("$", "")].value)
    return found


class Changed(Inputs):
    """The sheet of inputs as a person has changed it: other numbers in the same cells."""

    def __init__(self, book, numbers):
        super().__init__(book)
        self.numbers = numbers

    def value(self, name, item, used, label):
        return super().value(name, item, self.numbers.get((id(item), used.term.name), used), label)

    def lines(self, name, item, listed, label):
        changed = [self.numbers.get((id(item), used.term.name), used) for used in listed]
        return super().lines(name, item, changed, label)


def workbook(path, items, numbers=None):
    """Write each of *items* on a sheet of its own; return the names of their results."""
    book = Book(xlsxwriter.Workbook(path), "test")
    inputs = Changed(book, numbers) if numbers else Inputs(book)
    parts = Parts(book, inputs, Parameters(book), Tables(book))
    names = []
    for place, item in enumerate(items, start=1):
        label = f"项{place}"
        sheet = book.sheet(label, (10, 30, 20, 10, 40, 20, 10))
        names.append(write_item(parts, item, sheet, label).reference)
    book.workbook.close()
    return names


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


def agrees(live, item):
    if not isinstance(live, (int, float)):
        return False
    if item.fens is not None:
        return fen(float(live), item.rounding) == item.fens
    return live == pytest.approx(item.exact, rel=1e-9)


@needs_office
def test_every_golden_case_recalculates_to_the_fen(tmp_path):
    cases = list(valued())
    names = workbook(tmp_path / "golden.xlsx", [item for _, _, item in cases])
    live = values_of(recalculated(tmp_path / "golden.xlsx"), names)
    wrong = [
        f"{id} {name}: {value} against {item.exact}"
        for (id, name, item), value in zip(cases, live, strict=True)
        if not agrees(value, item)
    ]
    assert not wrong, "\n".join(wrong)


def _pushed(dice, given, item):
    """Return what was *given* with its numbers moved a little, each in the unit it was used in."""
    changed = copy.deepcopy(dict(item.given))
    lines = item.card.lines.name if item.card.lines else ""
    for every in (item, *item.parts):
        for used in every.inputs:
            name = used.term.name
            if used.origin != "given" or (name not in changed and lines not in changed):
                continue
            factor = dice.uniform(0.8, 1.25) if not used.term.share else dice.uniform(0.7, 1)
            if used.term.whole or used.term.calendar:
                numbers = [value + dice.choice([0, 1]) for value in used.values]
            else:
                numbers = [float(f"{value * factor:.6g}") for value in used.values]
            texts = [
                f"{number * 100!r} %" if unit == "%" else f"{number!r} {unit}".strip()
                for number, unit in zip(numbers, used.units, strict=True)
            ]
            if name in changed:
                changed[name] = texts if used.term.lines else texts[0]
            else:
                for place, text in enumerate(texts):
                    changed[lines][place][name] = text
    return changed


@needs_office
def test_a_changed_input_moves_the_result_as_ecoval_would(tmp_path):
    dice = random.Random(20261122)
    items, expected, numbers, moved = [], [], {}, 0
    for case_id, name, item in valued():
        try:
            other = method(case_id).value(
                _pushed(dice, None, item),
                on=item.on,
                place=item.place,
                overrule={
                    **item.overrule,
                    **{used.term.name: "改动试验" for used in item.inputs},
                },
            )
        except EcovalError:
            continue
        items.append(item)
        expected.append((case_id, name, other))
        moved += other.exact != item.exact
        pairs = [(item, other), *zip(item.parts, other.parts, strict=False)]
        for old, new in pairs:
            for used in new.inputs:
                numbers[(id(old), used.term.name)] = used
    assert moved > 150
    names = workbook(tmp_path / "changed.xlsx", items, numbers)
    live = values_of(recalculated(tmp_path / "changed.xlsx"), names)
    wrong = [
        f"{id} {name}: {value} against {other.exact}"
        for (id, name, other), value in zip(expected, live, strict=True)
        if not agrees(value, other)
    ]
    assert not wrong, "\n".join(wrong)


@needs_office
@pytest.mark.parametrize("rule", ["half-up", "half-even", "down"])
@pytest.mark.parametrize("to", ["分", "角", "元", "百元", "万元"])
def test_the_rounding_formula_rounds_as_money_does(tmp_path, rule, to):
    amounts = [0.0, 2.675, 2.665, 1.005, 15562.5, 150.0, 50.0, 25000.0, 15000.0, 99999.995, 0.29]
    amounts += [-amount for amount in amounts]
    with xlsxwriter.Workbook(tmp_path / "rounding.xlsx") as book:
        sheet = book.add_worksheet("s")
        for row, amount in enumerate(amounts, start=1):
            sheet.write_number(f"A{row}", amount)
            sheet.write_formula(f"B{row}", "=" + rounded(f"A{row}", Rounding(to, rule)))
    live = recalculated(tmp_path / "rounding.xlsx")["s"]
    for row, amount in enumerate(amounts, start=1):
        wanted = fen(amount, Rounding(to, rule))
        assert round(live[f"B{row}"].value * 100) == wanted, (amount, live[f"B{row}"].value)


@needs_office
@pytest.mark.parametrize("name", ["jindong-2024", "chongqing-2016"])
def test_the_workbook_of_a_case_agrees_with_its_assessment(tmp_path, name):
    assessment = Case.read(EXAMPLES / f"{name}.toml").assess()
    write_audit(assessment, tmp_path / "audit.xlsx")
    book = recalculated(tmp_path / "audit.xlsx")
    assert values_of(book, ["合计"]) == [pytest.approx(assessment.total / 100, abs=1e-6)]
    said = [row[4] for row in book["核对"].iter_rows(min_row=5, values_only=True) if row[0]]
    assert said
    assert set(said) == {AGREE}
    assert book["核对"]["B2"].value == 0


@needs_office
def test_a_stored_figure_that_was_tampered_with_turns_red(tmp_path):
    assessment = Case.read(EXAMPLES / "jindong-2024.toml").assess()
    write_audit(assessment, tmp_path / "audit.xlsx")
    book = openpyxl.load_workbook(tmp_path / "audit.xlsx")
    for row in book["输入"].iter_rows(min_row=4):
        if row[2].value == "排放数量":
            row[3].value = 501
    book.save(tmp_path / "changed.xlsx")
    live = recalculated(tmp_path / "changed.xlsx")
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
    recalculated(tmp_path / "audit.xlsx")
    again = carried(tmp_path / "recalculated" / "audit.xlsx")
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
