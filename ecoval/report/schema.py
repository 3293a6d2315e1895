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
from .schema_parts import (
    DAY,
    FINGERPRINT,
    NUMBER,
    PLACE,
    TEXT,
    YUAN,
    borne,
    deadline,
    listed,
    obj,
    performance,
    punitive_damages,
    rule,
)

SCHEMA = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """Return the JSON Schema of an assessment, the case within it included."""
    case = Case.model_json_schema(by_alias=True, mode="validation", ref_template="#/$defs/{model}")
    defined = case.pop("$defs", {})
    return {
        "$schema": SCHEMA,
        "title": "ecoval assessment",
        "description": "A case with the figures that it comes to. The keys are stable.",
        **obj(
            {
                "fingerprint": FINGERPRINT,
                "version": TEXT,
                "place": PLACE,
                "on": DAY,
                "route": {"enum": ["quick", "full", "review"]},
                "items": {"type": "array", "items": {"$ref": "#/$defs/assessed"}, "minItems": 1},
                "rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}},
                "total": YUAN,
                "by_head": {
                    "type": "object",
                    "properties": dict.fromkeys(HEADS, YUAN),
                    "additionalProperties": False,
                },
                "threshold_basis": YUAN,
                "punitive_basis": YUAN,
                "eligibility": {"enum": [*VERDICTS, None]},
                "attested": {
                    "type": "object",
                    "additionalProperties": {"type": ["boolean", "null"]},
                },
                "obligors": {"$ref": "#/$defs/borne"},
                "punitive": {"$ref": "#/$defs/punitive_damages"},
                "settlement": {"$ref": "#/$defs/performance"},
                "legal_basis": listed("rule"),
                "deadlines": listed("deadline"),
                "findings": listed("finding"),
                "open": {"type": "array", "items": TEXT},
                "case": {"$ref": "#/$defs/case"},
            },
            optional=("obligors", "punitive", "settlement"),
        ),
        "$defs": {
            **defined,
            "case": case,
            "finding": obj(
                {
                    "code": TEXT,
                    "level": {"enum": list(LEVELS)},
                    "text": TEXT,
                    "where": TEXT,
                    "clause": TEXT,
                }
            ),
            "rule": rule(),
            "deadline": deadline(),
            "borne": borne(),
            "punitive_damages": punitive_damages(),
            "performance": performance(),
            "item": _item(),
            "assessed": _assessed(),
        },
    }


def write_schema(path: Path) -> None:
    """Write the schema to *path*, as it is published in ``docs/schema``."""
    text = json.dumps(schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def _item_properties() -> dict[str, Any]:
    one_or_more = [NUMBER, {"type": "array", "items": NUMBER}]
    return {
        "method": TEXT,
        "title": TEXT,
        "card": {"type": "string", "description": "Digest of the card and its function."},
        "version": TEXT,
        "on": DAY,
        "place": PLACE,
        "amount": {"type": "string", "description": "The printed result, in `unit`."},
        "unit": TEXT,
        "exact": NUMBER,
        "rounding": obj({"to": TEXT, "rule": TEXT}),
        "inputs": {
            "type": "array",
            "items": obj(
                {
                    "name": TEXT,
                    "symbol": TEXT,
                    "title": TEXT,
                    "value": {"anyOf": one_or_more},
                    "unit": {"anyOf": [TEXT, {"type": "array", "items": TEXT}]},
                    "text": TEXT,
                    "origin": {"enum": list(ORIGINS)},
                    "source": TEXT,
                    "clause": TEXT,
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
            "items": obj({"name": TEXT, "symbol": TEXT, "value": NUMBER, "unit": TEXT}),
        },
        "parameters": listed("rule"),
        "rows": {"type": "array", "items": {"type": "object"}},
        "parts": listed("item"),
        "overrule": {"type": "object", "additionalProperties": TEXT},
        "remarks": {"type": "array", "items": TEXT},
        "spread": obj(
            {
                "least": TEXT,
                "most": TEXT,
                "values": {"type": "object", "additionalProperties": NUMBER},
            }
        ),
        "findings": listed("finding"),
    }


def _item() -> dict[str, Any]:
    return obj(_item_properties(), optional=("spread",))


def _assessed() -> dict[str, Any]:
    return obj(
        {
            "head": {"enum": list(HEADS)},
            "kind": {"enum": ["appraisal", "monitoring", "other"]},
            "fingerprint": FINGERPRINT,
            **_item_properties(),
        },
        optional=("spread",),
    )
