"""Ecosystem services of forests by LY/T 1721-2008, for damage before October 2020."""

from __future__ import annotations

from typing import Any

from .definition import method


@method("forest-water-regulation-2008")
def water_regulation(
    area: Any,
    precipitation: Any,
    evapotranspiration: Any,
    runoff: Any,
    depth: Any,
    reservoir_cost: Any,
) -> Any:
    """Value the water a forest holds at what a reservoir for it costs."""
    water = area * (precipitation - evapotranspiration - runoff) * depth
    return water * reservoir_cost


@method("forest-water-purification-2008")
def water_purification(
    area: Any,
    precipitation: Any,
    evapotranspiration: Any,
    runoff: Any,
    depth: Any,
    purification_cost: Any,
) -> Any:
    """Value the water a forest holds at what purifying it costs."""
    water = area * (precipitation - evapotranspiration - runoff) * depth
    return water * purification_cost


@method("forest-soil-fixation-2008")
def soil_fixation(
    area: Any, bare_erosion: Any, forest_erosion: Any, bulk_density: Any, earth_cost: Any
) -> Any:
    """Value the soil a forest keeps at what moving it costs."""
    soil = area * (bare_erosion - forest_erosion)
    return soil * earth_cost / bulk_density


@method("forest-soil-fertility-2008")
def soil_fertility(
    area: Any,
    bare_erosion: Any,
    forest_erosion: Any,
    nitrogen: Any,
    phosphorus: Any,
    potassium: Any,
    organic: Any,
    dap_price: Any,
    kcl_price: Any,
    organic_price: Any,
    dap_nitrogen: Any,
    dap_phosphorus: Any,
    kcl_potassium: Any,
) -> Any:
    """Value the nutrients in the soil a forest keeps at the fertilizer they stand for."""
    soil = area * (bare_erosion - forest_erosion)
    dap = (nitrogen / dap_nitrogen + phosphorus / dap_phosphorus) * dap_price
    kcl = potassium / kcl_potassium * kcl_price
    return soil * (dap + kcl + organic * organic_price)


@method("forest-carbon-fixation-2008")
def carbon_fixation(
    area: Any,
    production: Any,
    co2_per_biomass: Any,
    carbon_in_co2: Any,
    soil_carbon: Any,
    carbon_price: Any,
) -> Any:
    """Value the carbon that plants and soil fix in a year."""
    carbon = co2_per_biomass * carbon_in_co2 * production + soil_carbon
    return area * carbon * carbon_price


@method("forest-oxygen-release-2008")
def oxygen_release(area: Any, production: Any, oxygen_per_biomass: Any, oxygen_price: Any) -> Any:
    """Value the oxygen that plants release in a year."""
    return area * production * oxygen_per_biomass * oxygen_price


@method("forest-nutrient-accumulation-2008")
def nutrient_accumulation(
    area: Any,
    production: Any,
    nitrogen: Any,
    phosphorus: Any,
    potassium: Any,
    dap_price: Any,
    kcl_price: Any,
    dap_nitrogen: Any,
    dap_phosphorus: Any,
    kcl_potassium: Any,
) -> Any:
    """Value the nutrients in a year's growth at the fertilizer they stand for."""
    dap = (nitrogen / dap_nitrogen + phosphorus / dap_phosphorus) * dap_price
    kcl = potassium / kcl_potassium * kcl_price
    return area * production * (dap + kcl)


@method("forest-negative-ions-2008")
def negative_ions(
    area: Any,
    height: Any,
    concentration: Any,
    threshold: Any,
    lifetime: Any,
    minutes: Any,
    ion_cost: Any,
) -> Any:
    """Value the negative ions above a threshold, made anew in each lifetime."""
    ions = area * height * (concentration - threshold) * minutes / lifetime
    return ions * ion_cost


@method("forest-pollutant-removal-2008")
def pollutant_removal(area: Any, removal: Any, treatment_cost: Any) -> Any:
    """Value what a forest takes out of the air at what treating it costs."""
    return area * removal * treatment_cost


@method("forest-biodiversity-2008")
def biodiversity(area: Any, unit_value: Any) -> Any:
    """Value the keeping of species by the diversity of the stand."""
    return unit_value * area
