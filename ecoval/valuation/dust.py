"""Fugitive dust of a stockpile: friction velocity, emission factors, and the discharge."""

from __future__ import annotations

from typing import Any

from ..formula import log, step, total, where
from .definition import method


@method("dust-friction-velocity")
def friction_velocity(friction_constant: Any, wind_speed: Any, height: Any, roughness: Any) -> Any:
    """Return the friction velocity of a wind measured at a height over rough ground."""
    return friction_constant * wind_speed / log(height / roughness)


@method("dust-handling-factor")
def handling_factor(
    handling_multiplier: Any,
    coefficient: Any,
    wind_speed: Any,
    reference_wind: Any,
    wind_exponent: Any,
    moisture: Any,
    reference_moisture: Any,
    moisture_exponent: Any,
    handling_control: Any,
) -> Any:
    """Return the dust from each tonne handled; moisture is compared per cent with per cent."""
    wind = (wind_speed / reference_wind) ** wind_exponent
    wetness = (moisture / reference_moisture) ** moisture_exponent
    return handling_multiplier * coefficient * (wind / wetness) * (1 - handling_control)


@method("dust-erosion-factor")
def erosion_factor(
    erosion_multiplier: Any,
    friction_velocity: Any,
    threshold: Any,
    quadratic: Any,
    linear: Any,
    erosion_control: Any,
) -> Any:
    """Return the dust from each square metre of a pile over the disturbances that are listed."""
    excess = friction_velocity - threshold
    lifted = quadratic * excess**2 + linear * excess
    potential = step("potential", total(where(friction_velocity > threshold, lifted, 0)))
    return erosion_multiplier * potential * (1 - erosion_control)


@method("dust-stockpile-discharge")
def stockpile_discharge(
    handling_factor: Any, quantity: Any, erosion_factor: Any, surface: Any
) -> Any:
    """Return the dust of a pile: what handling raises and what the wind erodes."""
    return total(handling_factor * quantity) + erosion_factor * surface
