"""Ancient and famous trees: a product of coefficients that the expert takes from a standard."""

from __future__ import annotations

from typing import Any

from .definition import method


@method("ancient-tree-value")
def value(size: Any, unit_price: Any, age: Any, vigour: Any, location: Any, care_cost: Any) -> Any:
    """Value an ancient tree by its size, three coefficients and what its care has cost."""
    return size * unit_price * age * vigour * location + care_cost
