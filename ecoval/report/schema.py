"""The JSON Schema of an assessment: what ``ecoval opinion`` writes as JSON, and documents carry."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..case import Case
from ..case.eligibility import VERDICTS
from ..findings import LEVELS
from ..rules.cards import HEADS
from ..rules.sources import STANDINGS
from ..valuation.item import ORIGINS

SCHEMA = "https://json-schema.org/draft/2020-12/schema"
_TEXT: dict[str, Any] = {"type": "string"}
_NUMBER: dict[str, Any] = {"type": "number"}
_DAY: dict[str, Any] = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_YUAN: dict[str, Any] = {
    "type": "string",
    "pattern": r"^-?\d+\.\d{2}$",
    "description": "Yuan with two decimals, as a text so that no digit is lost.",
}
_FINGERPRINT: dict[str, Any] = {"type": "string", "pattern": "^[0-9a-f]{12}$"}
_PLACE: dict[str, Any] = {"type": "string", "pattern": "^(CN|[0-9]{6})$"}


def schema() -> dict[str, Any]:
    """Return the JSON Schema of an assessment, the case within it included."""
    case = Case.model_json_schema(by_alias=True, mode="validation", ref_template="#/$defs/{model}")
    defined = case.pop("$defs", {})
    return {
        "$schema": SCHEMA,
        "title": "ecoval assessment",
        "description": "A case with the figures that it comes to. The keys are stable.",
        **_object(
            {
                "fingerprint": _FINGERPRINT,
                "version": _TEXT,
                "place": _PLACE,
                "on": _DAY,
                "route": {"enum": ["quick", "full", "review"]},
                "items": {"type": "array", "items": {"$ref": "#/$defs/assessed"}, "minItems": 1},
                "rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}},
                "total": _YUAN,
                "by_head": {
                    "type": "object",
                    "properties": dict.fromkeys(HEADS, _YUAN),
                    "additionalProperties": False,
                },
                "threshold_basis": _YUAN,
                "punitive_basis": _YUAN,
                "eligibility": {"enum": [*VERDICTS, None]},
                "findings": _list("finding"),
                "open": {"type": "array", "items": _TEXT},
                "case": {"$ref": "#/$defs/case"},
            }
        ),
        "$defs": {
            **defined,
            "case": case,
            "finding": _object(
                {
                    "code": _TEXT,
                    "level": {"enum": list(LEVELS)},
                    "text": _TEXT,
                    "where": _TEXT,
                    "clause": _TEXT,
                }
            ),
            "rule": {"type": "object", "required": ["name", "title", "value"]},
            "item": _item(),
            "assessed": _assessed(),
        },
    }


def write_schema(path: Path) -> None:
    """Write the schema to *path*, as it is published in ``docs/schema``."""
    text = json.dumps(schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def _list(name: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": f"#/$defs/{name}"}}


def _object(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _item_properties() -> dict[str, Any]:
    one_or_more = [_NUMBER, {"type": "array", "items": _NUMBER}]
    return {
        "method": _TEXT,
        "title": _TEXT,
        "card": {"type": "string", "description": "Digest of the card and its function."},
        "version": _TEXT,
        "on": _DAY,
        "place": _PLACE,
        "amount": {"type": "string", "description": "The printed result, in `unit`."},
        "unit": _TEXT,
        "exact": _NUMBER,
        "rounding": _object({"to": _TEXT, "rule": _TEXT}),
        "inputs": {
            "type": "array",
            "items": _object(
                {
                    "name": _TEXT,
                    "symbol": _TEXT,
                    "title": _TEXT,
                    "value": {"anyOf": one_or_more},
                    "unit": {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]},
                    "text": _TEXT,
                    "origin": {"enum": list(ORIGINS)},
                    "source": _TEXT,
                    "clause": _TEXT,
                    "standing": {"enum": [*STANDINGS, None]},
                    "given": {"type": "object"},
                },
                optional=("given",),
            ),
        },
        "choices": {"type": "object"},
        "lines": {"type": "array", "items": {"type": "object"}},
        "steps": {
            "type": "array",
            "items": _object({"name": _TEXT, "symbol": _TEXT, "value": _NUMBER, "unit": _TEXT}),
        },
        "parameters": _list("rule"),
        "rows": {"type": "array", "items": {"type": "object"}},
        "parts": _list("item"),
        "overrule": {"type": "object", "additionalProperties": _TEXT},
        "findings": _list("finding"),
    }


def _item() -> dict[str, Any]:
    return _object(_item_properties())


def _assessed() -> dict[str, Any]:
    return _object(
        {
            "head": {"enum": list(HEADS)},
            "kind": {"enum": ["appraisal", "monitoring", "other"]},
            "fingerprint": _FINGERPRINT,
            **_item_properties(),
        }
    )
