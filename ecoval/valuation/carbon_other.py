"""Forest carbon beside the five routes: removals, shrubs, bamboo, growth by the year, purchase."""

from __future__ import annotations

from typing import Any

from ..formula import total
from .definition import method


@method("carbon-growing-stock")
def growing_stock(stock: Any, stand_area: Any) -> Any:
    """Return the growing stock per area that a band of coefficients is looked up by."""
    return stock / stand_area


@method("carbon-removal-bcef")
def removal_bcef(
    volume: Any, bcef: Any, root_shoot: Any, carbon_fraction: Any, co2_per_carbon: Any
) -> Any:
    """Convert wood that was removed by the conversion and expansion factor for removals."""
    return volume * bcef * (1 + root_shoot) * carbon_fraction * co2_per_carbon


@method("carbon-shrub")
def shrub(
    area: Any,
    forest_biomass: Any,
    shrub_ratio: Any,
    cover: Any,
    root_shoot: Any,
    carbon_fraction: Any,
    co2_per_carbon: Any,
) -> Any:
    """Convert shrubs by their cover and a share of the biomass of forest nearby."""
    above = area * forest_biomass * shrub_ratio * cover
    return above * (1 + root_shoot) * carbon_fraction * co2_per_carbon


@method("carbon-bamboo")
def bamboo(count: Any, culm_biomass: Any, carbon_fraction: Any, co2_per_carbon: Any) -> Any:
    """Convert culms of bamboo by the biomass of one."""
    return count * culm_biomass * carbon_fraction * co2_per_carbon


@method("carbon-forgone-path")
def forgone_path(
    baseline: Any, actual: Any, rate: Any, base_year: Any, year: Any, co2_per_carbon: Any
) -> Any:
    """Add up the carbon a stand did not fix, year by year, until it is what it would have been."""
    return total((baseline - actual) * (1 + rate) ** (base_year - year)) * co2_per_carbon


@method("carbon-purchase")
def purchase(tonnes: Any, multiple: Any) -> Any:
    """Return the tonnes to buy for a loss at a multiple, as a court has ordered."""
    return tonnes * multiple
