"""What was taken, as property, and the fines of the law: neither is ecological damage."""

from __future__ import annotations

from typing import Any

from ..formula import total
from .definition import method


@method("resources-taken-value")
def taken_value(quantity: Any, price: Any) -> Any:
    """Value minerals, sand, soil or peat taken, as the property they are."""
    return total(quantity * price)


@method("wetland-fine")
def wetland_fine(area: Any, rate: Any) -> Any:
    """Return the fine for harm to a wetland."""
    return area * rate


@method("wetland-peat-fine")
def peat_fine(volume: Any, rate: Any) -> Any:
    """Return the fine for digging peat."""
    return volume * rate


@method("black-soil-fine")
def black_soil_fine(area: Any, rate: Any) -> Any:
    """Return the fine for black topsoil not stripped before building."""
    return area * rate


@method("black-soil-sale-fine")
def black_soil_sale_fine(volume: Any, rate: Any) -> Any:
    """Return the fine for selling black soil."""
    return volume * rate


@method("black-soil-purchase-fine")
def black_soil_purchase_fine(goods_value: Any, multiple: Any) -> Any:
    """Return the fine for buying black soil that was sold illegally."""
    return goods_value * multiple


@method("grassland-fine")
def grassland_fine(mean_output: Any, multiple: Any) -> Any:
    """Return the fine for using grassland illegally."""
    return mean_output * multiple
