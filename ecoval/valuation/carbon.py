"""Forest carbon: five ways from wood to carbon dioxide, what growth is forgone, and its value."""

from __future__ import annotations

from typing import Any

from ..formula import step, total
from .carbon_routes import compare as compare
from .definition import method


@method("carbon-volume-bef")
def volume_bef(
    volume: Any,
    density: Any,
    bef: Any,
    root_shoot: Any,
    carbon_fraction: Any,
    co2_per_carbon: Any,
) -> Any:
    """Convert standing volume by wood density and biomass expansion factor."""
    return volume * density * bef * (1 + root_shoot) * carbon_fraction * co2_per_carbon


@method("carbon-stand-biomass")
def stand_biomass(stand_volume: Any, bcef: Any) -> Any:
    """Convert growing stock per area to the biomass above ground."""
    return stand_volume * bcef


@method("carbon-volume-bcef")
def volume_bcef(
    area: Any, above_ground: Any, root_shoot: Any, carbon_fraction: Any, co2_per_carbon: Any
) -> Any:
    """Convert a stand by conversion and expansion factors banded by its growing stock."""
    return area * above_ground * (1 + root_shoot) * carbon_fraction * co2_per_carbon


@method("carbon-volume-line")
def volume_line(
    area: Any,
    stand_volume: Any,
    slope: Any,
    intercept: Any,
    carbon_fraction: Any,
    co2_per_carbon: Any,
) -> Any:
    """Convert a stand by the line of biomass over volume; never a single tree."""
    biomass = step("biomass", slope * stand_volume + intercept)
    return area * biomass * carbon_fraction * co2_per_carbon


@method("carbon-allometry")
def allometry(
    count: Any,
    diameter: Any,
    height: Any,
    unit_diameter: Any,
    unit_height: Any,
    unit_mass: Any,
    stem_a: Any,
    stem_b: Any,
    branch_a: Any,
    branch_b: Any,
    leaf_a: Any,
    leaf_b: Any,
    root_a: Any,
    root_b: Any,
    carbon_fraction: Any,
    co2_per_carbon: Any,
) -> Any:
    """Convert trees by equations of diameter and height, organ by organ.

    The equations are empirical and hold in the units they were fitted in, so each size enters as
    a number of those units.
    """
    size = (diameter / unit_diameter) ** 2 * (height / unit_height)
    stem = step("stem", total(count * unit_mass * stem_a * size**stem_b))
    branch = step("branch", total(count * unit_mass * branch_a * size**branch_b))
    leaf = step("leaf", total(count * unit_mass * leaf_a * size**leaf_b))
    root = step("root", total(count * unit_mass * root_a * size**root_b))
    return (stem + branch + leaf + root) * carbon_fraction * co2_per_carbon


@method("carbon-expansion-factor")
def expansion_factor(
    volume: Any,
    expansion: Any,
    density: Any,
    carbon_fraction: Any,
    understory: Any,
    soil: Any,
    co2_per_carbon: Any,
) -> Any:
    """Expand standing volume to the carbon of the trees, of what grows below them, of the soil."""
    trees = step("trees", volume * expansion * density * carbon_fraction)
    return trees * (1 + understory + soil) * co2_per_carbon


@method("carbon-forgone-constant")
def forgone_constant(area: Any, rate: Any, duration: Any) -> Any:
    """Add up the growth of carbon that is lost in full until the stand has recovered."""
    return area * rate * duration


@method("carbon-forgone-linear")
def forgone_linear(area: Any, rate: Any, duration: Any) -> Any:
    """Add up the growth of carbon that is lost while the stand recovers in a straight line."""
    return area * rate * duration / 2


@method("carbon-soil-loss")
def soil_loss(
    area: Any,
    content_before: Any,
    bulk_before: Any,
    content_after: Any,
    bulk_after: Any,
    depth: Any,
    gravel: Any,
    co2_per_carbon: Any,
) -> Any:
    """Convert the difference of organic carbon in the soil, layer by layer."""
    change = content_before * bulk_before - content_after * bulk_after
    carbon = step("carbon", area * total(change * depth * (1 - gravel)))
    return carbon * co2_per_carbon


@method("carbon-sampling-uncertainty")
def sampling_uncertainty(half_width: Any, estimate: Any) -> Any:
    """Return the relative error of an estimate, by which its deduction is looked up."""
    return half_width / estimate


@method("carbon-uncertainty-deduction")
def uncertainty_deduction(tonnes: Any, deduction: Any) -> Any:
    """Lower the tonnes by what their uncertainty deducts."""
    return tonnes * (1 - deduction)


@method("carbon-value")
def value(tonnes: Any, price: Any) -> Any:
    """Value lost carbon at what the tonnes would cost to buy."""
    return tonnes * price
