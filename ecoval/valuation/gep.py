"""Items of gross ecosystem product: a quantity of service times a price, a value a year."""

from __future__ import annotations

from typing import Any

from ..formula import exp, step
from .definition import method


@method("gep-item")
def item(quantity: Any, price: Any) -> Any:
    """Value a year's quantity of a service at its price."""
    return quantity * price


@method("gep-water-retention")
def water_retention(
    area: Any,
    precipitation: Any,
    runoff: Any,
    evapotranspiration: Any,
    water_depth: Any,
    reservoir_cost: Any,
) -> Any:
    """Value the water an ecosystem keeps at what a reservoir for it costs."""
    depth = precipitation - runoff - evapotranspiration
    return step("water", area * depth * water_depth) * reservoir_cost


@method("gep-silt-reduction")
def silt_reduction(
    soil_retained: Any, silt_share: Any, bulk_density: Any, dredging_cost: Any
) -> Any:
    """Value the soil an ecosystem keeps as silt that need not be dredged."""
    return step("silt", silt_share * soil_retained / bulk_density) * dredging_cost


@method("gep-nonpoint-reduction")
def nonpoint_reduction(
    soil_retained: Any,
    nitrogen: Any,
    nitrogen_cost: Any,
    phosphorus: Any,
    phosphorus_cost: Any,
) -> Any:
    """Value the nutrients in the soil an ecosystem keeps at what removing them costs."""
    of_nitrogen = step("nitrogen_value", soil_retained * nitrogen * nitrogen_cost)
    of_phosphorus = step("phosphorus_value", soil_retained * phosphorus * phosphorus_cost)
    return of_nitrogen + of_phosphorus


@method("gep-sand-fixation")
def sand_fixation(sand: Any, density: Any, depth: Any, control_cost: Any) -> Any:
    """Value the sand that is held as land that does not become desert."""
    return step("land", sand / (density * depth)) * control_cost


@method("gep-lake-storage")
def lake_storage(
    area: Any, turnovers: Any, intercept: Any, exponent: Any, unit_area: Any, unit_storage: Any
) -> Any:
    """Return the flood water that lakes of the Tibetan plateau hold.

    The model is empirical and holds in the units it was fitted in (km², 万 m³), so the area enters
    as a number of those units.
    """
    return exp(intercept) * (area / unit_area) ** exponent * unit_storage * turnovers


@method("gep-flood-regulation")
def flood_regulation(
    lake_storage: Any,
    reservoir_capacity: Any,
    flood_share: Any,
    marsh_area: Any,
    marsh_depth: Any,
    reservoir_cost: Any,
) -> Any:
    """Value the flood water that lakes, reservoirs and marsh hold at a reservoir's cost."""
    reservoirs = reservoir_capacity * flood_share
    marsh = marsh_area * marsh_depth
    return step("water", lake_storage + reservoirs + marsh) * reservoir_cost


@method("gep-plant-cooling")
def plant_cooling(
    heat: Any, area: Any, days: Any, heat_per_power: Any, cooling_ratio: Any, power_price: Any
) -> Any:
    """Value the heat plants take up at the power air conditioning would use."""
    return step("power", heat * area * days / (heat_per_power * cooling_ratio)) * power_price


@method("gep-evaporation-cooling")
def evaporation_cooling(
    evaporation: Any,
    density: Any,
    latent_heat: Any,
    heat_per_power: Any,
    humidifier: Any,
    power_price: Any,
) -> Any:
    """Value open water's evaporation at the power that cooling and moistening would use."""
    cooling = evaporation * density * latent_heat / heat_per_power
    return step("power", cooling + evaporation * humidifier) * power_price


@method("gep-carbon-fixation")
def carbon_fixation(
    biomass: Any, co2_per_biomass: Any, carbon_in_co2: Any, carbon_price: Any
) -> Any:
    """Value the carbon in a year's growth."""
    return biomass * co2_per_biomass * carbon_in_co2 * carbon_price


@method("gep-oxygen-release")
def oxygen_release(biomass: Any, oxygen_per_biomass: Any, oxygen_price: Any) -> Any:
    """Value the oxygen that a year's growth releases."""
    return biomass * oxygen_per_biomass * oxygen_price
