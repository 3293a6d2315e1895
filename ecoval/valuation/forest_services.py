"""Ecosystem services of forests by GB/T 38582-2020, and by papers; a value a year."""

from __future__ import annotations

from typing import Any

from ..formula import log, step, total
from .definition import method


@method("forest-water-regulation")
def water_regulation(
    area: Any,
    precipitation: Any,
    evapotranspiration: Any,
    runoff: Any,
    depth: Any,
    reservoir_cost: Any,
    correction: Any,
) -> Any:
    """Value the water a forest holds at what a reservoir for it costs."""
    water = area * (precipitation - evapotranspiration - runoff) * depth
    return water * reservoir_cost * correction


@method("forest-water-purification")
def water_purification(
    area: Any,
    precipitation: Any,
    evapotranspiration: Any,
    runoff: Any,
    depth: Any,
    purification_cost: Any,
    correction: Any,
) -> Any:
    """Value the water a forest holds at what purifying it costs."""
    water = area * (precipitation - evapotranspiration - runoff) * depth
    return water * purification_cost * correction


@method("forest-soil-fixation")
def soil_fixation(
    area: Any,
    bare_erosion: Any,
    forest_erosion: Any,
    bulk_density: Any,
    earth_cost: Any,
    correction: Any,
) -> Any:
    """Value the soil a forest keeps at what moving it costs."""
    soil = area * (bare_erosion - forest_erosion)
    return soil * earth_cost / bulk_density * correction


@method("forest-soil-fertility")
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
    correction: Any,
) -> Any:
    """Value the nutrients in the soil a forest keeps at the fertilizer they stand for."""
    soil = area * (bare_erosion - forest_erosion)
    dap = (nitrogen / dap_nitrogen + phosphorus / dap_phosphorus) * dap_price
    kcl = potassium / kcl_potassium * kcl_price
    return soil * (dap + kcl + organic * organic_price) * correction


@method("forest-carbon-fixation")
def carbon_fixation(
    area: Any,
    production: Any,
    co2_per_biomass: Any,
    carbon_in_co2: Any,
    soil_carbon: Any,
    carbon_price: Any,
    correction: Any,
) -> Any:
    """Value the carbon that plants and soil fix in a year."""
    carbon = co2_per_biomass * carbon_in_co2 * production + soil_carbon
    return area * carbon * carbon_price * correction


@method("forest-oxygen-release")
def oxygen_release(
    area: Any, production: Any, oxygen_per_biomass: Any, oxygen_price: Any, correction: Any
) -> Any:
    """Value the oxygen that plants release in a year."""
    return area * production * oxygen_per_biomass * oxygen_price * correction


@method("forest-nutrient-accumulation")
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
    correction: Any,
) -> Any:
    """Value the nutrients in a year's growth at the fertilizer they stand for."""
    dap = (nitrogen / dap_nitrogen + phosphorus / dap_phosphorus) * dap_price
    kcl = potassium / kcl_potassium * kcl_price
    return area * production * (dap + kcl) * correction


@method("forest-negative-ions")
def negative_ions(
    area: Any,
    height: Any,
    concentration: Any,
    threshold: Any,
    lifetime: Any,
    minutes: Any,
    ion_cost: Any,
    correction: Any,
) -> Any:
    """Value the negative ions above a threshold, made anew in each lifetime."""
    ions = area * height * (concentration - threshold) * minutes / lifetime
    return ions * ion_cost * correction


@method("forest-pollutant-removal")
def pollutant_removal(area: Any, removal: Any, treatment_cost: Any, correction: Any) -> Any:
    """Value what a forest takes out of the air at what treating it costs."""
    return area * removal * treatment_cost * correction


@method("forest-biodiversity")
def biodiversity(
    area: Any, unit_value: Any, rare: Any, endemic: Any, ancient: Any, weight: Any
) -> Any:
    """Value the keeping of species, more where they are rare, endemic or ancient."""
    return (1 + weight * (rare + endemic + ancient)) * unit_value * area


@method("forest-shannon-index")
def shannon_index(count: Any) -> Any:
    """Return the diversity of a stand from the stems of each species."""
    all_stems = step("all", total(count))
    return -total(count / all_stems * log(count / all_stems))


@method("forest-windbreak")
def windbreak(area: Any, gain: Any, price: Any) -> Any:
    """Value the yield that shelter adds."""
    return area * gain * price


@method("forest-recreation")
def recreation(visits: Any, value: Any) -> Any:
    """Value visits by what each is worth to the visitor."""
    return visits * total(value)


@method("forest-soil-land-loss")
def soil_land_loss(area: Any, retained: Any, bulk_density: Any, depth: Any, income: Any) -> Any:
    """Value the soil a forest keeps as land that is not lost."""
    return area * retained / (bulk_density * depth) * income


@method("forest-soil-siltation")
def soil_siltation(
    area: Any, retained: Any, silt_share: Any, bulk_density: Any, dredging_cost: Any
) -> Any:
    """Value the soil a forest keeps as silt that need not be dredged."""
    return area * retained * silt_share / bulk_density * dredging_cost
