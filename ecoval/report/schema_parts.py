"""The parts of the JSON Schema: values, rules, time limits, liability, punitive damages, settlement."""

from __future__ import annotations

from typing import Any, get_args

from ..case.balance import FORMS
from ..case.deadlines import State
from ..case.obligors import MODES
from ..case.punitive_entry import FINES
from ..rules.parameters import parameter
from ..rules.sources import STANDINGS

TEXT: dict[str, Any] = {"type": "string"}
NUMBER: dict[str, Any] = {"type": "number"}
DAY: dict[str, Any] = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
YUAN: dict[str, Any] = {
    "type": "string",
    "pattern": r"^-?\d+\.\d{2}$",
    "description": "Yuan with two decimals, as a text so that no digit is lost.",
}
FINGERPRINT: dict[str, Any] = {"type": "string", "pattern": "^[0-9a-f]{12}$"}
PLACE: dict[str, Any] = {"type": "string", "pattern": "^(CN|[0-9]{6})$"}
# A number as written in the case, or worked out of it: a decimal or a fraction.
_RATIO: dict[str, Any] = {"anyOf": [NUMBER, {"type": "string", "pattern": r"^-?\d"}]}


def listed(name: str) -> dict[str, Any]:
    """Return the schema of an array of what is defined as *name*."""
    return {"type": "array", "items": {"$ref": f"#/$defs/{name}"}}


def obj(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the schema of an object of *properties* and no others, all needed but the *optional*."""
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _several(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": obj(properties)}


def _or_none(of: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [of, {"type": "null"}]}


def rule() -> dict[str, Any]:
    """Return the schema of a rule or parameter in force."""
    texts = {"type": "array", "items": TEXT}
    return obj(
        {
            "name": TEXT,
            "title": TEXT,
            "value": {"anyOf": [NUMBER, TEXT, texts]},
            "unit": _or_none(TEXT),
            "operator": _or_none(TEXT),
            "excludes": texts,
            "asked": PLACE,
            "jurisdiction": PLACE,
            "since": DAY,
            "until": _or_none(DAY),
            "source": TEXT,
            "clause": TEXT,
            "standing": {"enum": list(STANDINGS)},
            "note": TEXT,
        }
    )


def deadline() -> dict[str, Any]:
    """Return the schema of a time limit and how its step stands."""
    return obj(
        {
            "name": TEXT,
            "step": TEXT,
            "limit": TEXT,
            "from": TEXT,
            "start": DAY,
            "due": _or_none(DAY),
            "until": _or_none(DAY),
            "done": _or_none(DAY),
            "state": {"enum": list(get_args(State))},
            "overdue": {"type": "integer", "minimum": 0},
            "text": TEXT,
            "clause": TEXT,
            "standing": {"enum": list(STANDINGS)},
        }
    )


def borne() -> dict[str, Any]:
    """Return the schema of a sum that several bear."""
    parts = _several({"name": TEXT, "by": TEXT, "amount": YUAN})
    return obj({"mode": {"enum": list(MODES)}, "total": YUAN, "parts": parts})


def punitive_damages() -> dict[str, Any]:
    """Return the schema of punitive damages."""
    codes = {"type": "array", "items": TEXT}
    scores = _several({"expert": TEXT, "score": _RATIO, "reason": TEXT})
    base = {"enum": list(parameter("punitive-base").choices)}
    return obj(
        {
            "on": DAY,
            "multiplier": _or_none(_RATIO),
            "lump_sum": _or_none(TEXT),
            "bases": _several(
                {
                    "base": base,
                    "amount": YUAN,
                    "punitive": _or_none(YUAN),
                    "rules": listed("rule"),
                }
            ),
            "chosen": _or_none(base),
            "amount": _or_none(YUAN),
            "conditions": {"type": "object", "additionalProperties": {"type": ["boolean", "null"]}},
            "presumed": codes,
            "serious": codes,
            "fines": _several({"kind": {"enum": list(FINES)}, "amount": YUAN}),
            "factors": _several(
                {"factor": TEXT, "scores": scores, "agreed": _or_none(_RATIO), "reason": TEXT}
            ),
            "obligors": _or_none({"$ref": "#/$defs/borne"}),
        }
    )


def performance() -> dict[str, Any]:
    """Return the schema of a settlement: the forms, who pays, by what plan, in what order."""
    return obj(
        {
            "on": DAY,
            "total": YUAN,
            "lines": _several(
                {
                    "form": {"enum": list(FORMS)},
                    "title": TEXT,
                    "text": TEXT,
                    "amount": YUAN,
                    "basis": TEXT,
                    "obligor": TEXT,
                    "note": TEXT,
                    "open": TEXT,
                }
            ),
            "cash": YUAN,
            "punitive": YUAN,
            "payable": YUAN,
            "obligors": _several(
                {"name": TEXT, "borne": YUAN, "cash": YUAN, "punitive": YUAN, "payable": YUAN}
            ),
            "instalments": _several(
                {
                    "obligor": TEXT,
                    "parts": _several({"on": DAY, "amount": YUAN, "interest": YUAN}),
                    "total": YUAN,
                    "interest": YUAN,
                    "terms": TEXT,
                }
            ),
            "deposit": _or_none(
                obj(
                    {
                        "amount": YUAN,
                        "used": _or_none(YUAN),
                        "refund": _or_none(YUAN),
                        "shortfall": _or_none(YUAN),
                    }
                )
            ),
            "order": _several({"claim": TEXT, "due": YUAN, "paid": YUAN}),
            "destination": TEXT,
        }
    )
