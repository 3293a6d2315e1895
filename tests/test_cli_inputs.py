"""Inputs of ``ecoval value`` from a file: TOML, JSON, and what is piped in."""

from __future__ import annotations

import io
import json
import sys

import pytest

from ecoval.cli import main

WATER = """
on = 2024-06-01
in = "浙江省金华市"
[inputs]
discharge = "500 t"
unit_cost = "8.3 元/t"
hazard = 1.5
concentration = "270 mg/L"
limit = "100 mg/L"
water_class = "地表水Ⅲ类"
"""


@pytest.fixture
def run(monkeypatch, capsys):
    def ran(*arguments, piped=""):
        monkeypatch.setattr(sys, "argv", ["ecoval", "value", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(piped))
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return ran


@pytest.fixture
def file(tmp_path):
    def written(text, name="inputs.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return written


def test_a_file_holds_inputs_day_and_place(run, file):
    code, out, err = run("water-virtual-treatment", "--from", file(WATER), "--json")
    held = json.loads(out)
    # 500 × 8.3 × (1.5 × 1.25 × 2 = 3.75), κ = 1.7
    assert (code, held["exact"], held["on"], err) == (0, 15562.5, "2024-06-01", "")


def test_json_is_read_as_toml_is(run, file):
    lines = [{"name": "监测", "quantity": "3 个", "unit_price": "500 元/个"}]
    path = file(json.dumps({"lines": lines}), "inputs.json")
    code, out, _ = run("cost-ledger", "--from", path, "--on", "2024-06-01", "--json")
    assert (code, json.loads(out)["exact"]) == (0, 1500.0)


def test_what_is_piped_in_is_read(run):
    code, out, _ = run("water-virtual-treatment", "--from", "-", "--json", piped=WATER)
    assert (code, json.loads(out)["exact"]) == (0, 15562.5)


def test_the_line_adds_to_the_file_and_its_day_comes_first(run, file):
    path = file(WATER.replace("hazard = 1.5\n", ""))
    code, _, err = run(
        "water-virtual-treatment", "hazard=1.5", "--from", path, "--on", "2019-01-01"
    )
    assert code == 1
    assert "2019-01-01 不在其内" in err


def test_an_overrule_stands_in_the_file(run, file):
    text = 'overrule = { dates = "参照适用" }\n' + WATER.replace("2024-06-01", "2019-06-01")
    assert run("water-virtual-treatment", "--from", file(text))[0] == 0


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        (WATER + '[odd]\na = "1"\n', "inputs.toml", "未知的键 odd"),
        ('inputs = "x"\n', "inputs.toml", "应为表"),
        ("discharge = \n", "inputs.toml", "TOML 写法有误"),
        ('{"discharge": }', "inputs.json", "JSON 写法有误：第 1 行第 15 列（缺少值；该行：{"),
    ],
)
def test_a_faulty_file_is_an_error_with_its_place(run, file, text, name, said):
    code, _, err = run("water-virtual-treatment", "--from", file(text, name), "--on", "2024-06-01")
    assert code == 1
    assert said in err


def test_a_missing_file_is_named(run):
    code, _, err = run("water-virtual-treatment", "--from", "none.toml", "--on", "2024-06-01")
    assert code == 1
    assert "none.toml" in err


def test_an_input_given_twice_is_misuse(run, file):
    code, _, err = run("water-virtual-treatment", "hazard=1.5", "--from", file(WATER))
    assert code == 2
    assert "hazard 给了两次" in err


def test_a_file_without_a_day_asks_for_it(run, file):
    code, _, err = run("water-virtual-treatment", "--from", file("hazard = 1.5\n"))
    assert code == 2
    assert "缺少选项 '--on'" in err
