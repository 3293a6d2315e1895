"""The JSON of an assessment: the published schema, and the way back to the same JSON."""

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

from ecoval.case import Case
from ecoval.report.schema import schema, write_schema

ROOT = Path(__file__).parent.parent
PUBLISHED = ROOT / "docs" / "schema" / "assessment.schema.json"
FILES = sorted(
    [
        *ROOT.glob("examples/*.toml"),
        *ROOT.glob("tests/settlements/*.toml"),
        ROOT / "benchmarks" / "whole.toml",
    ]
)


def read(path, **more):
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    data = data.get("case", data)
    return Case.read(ROOT / data["file"]) if "file" in data else Case(**{**data, **more})


def as_json(case):
    return json.dumps(case.assess().as_dict(), ensure_ascii=False, sort_keys=True)


@pytest.fixture(scope="module")
def validator():
    held = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(held)
    return jsonschema.Draft202012Validator(held)


def test_the_published_schema_is_the_one_of_the_program(tmp_path):
    write_schema(tmp_path / "made.json")
    assert (tmp_path / "made.json").read_bytes() == PUBLISHED.read_bytes()


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_case_fits_the_schema_and_comes_back_the_same(validator, path):
    text = as_json(read(path))
    found = [
        f"{list(e.absolute_path)} {e.message}" for e in validator.iter_errors(json.loads(text))
    ]
    assert found == []
    assert as_json(Case(**json.loads(text)["case"])) == text


def test_time_limits_fit_the_schema(validator):
    data = json.loads(
        as_json(
            read(ROOT / "examples" / "jindong-2024.toml", dates={"clue_received": "2024-05-06"})
        )
    )
    assert data["deadlines"]
    assert not list(validator.iter_errors(data))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("total",), 16563.0),
        (("total",), "16563"),
        (("settlement", "payable"), None),
        (("items", 0, "spread"), {"least": "a"}),
        (("deadlines",), None),
        (("rules", 0, "standing"), "sure"),
        (("more",), 1),
    ],
    ids=lambda value: str(value),
)
def test_what_does_not_fit_is_refused(validator, path, value):
    data = json.loads(as_json(read(ROOT / "examples" / "jindong-2024.toml", settlement={})))
    *way, last = path
    inside = data
    for key in way:
        inside = inside[key]
    inside[last] = value
    assert list(validator.iter_errors(data))


def test_every_key_of_the_schema_is_described_for_what_there_is():
    properties = set(schema()["properties"])
    whole = json.loads(as_json(read(ROOT / "benchmarks" / "whole.toml")))
    assert set(whole) == properties
