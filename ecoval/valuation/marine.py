"""Marine losses: Shandong's sea-use projects, and what the rules of 2017 fall back on."""

from __future__ import annotations

from typing import Any

from ..formula import step, total
from .definition import method


@method("marine-project-loss")
def project_loss(
    area: Any,
    living_base: Any,
    living_damage: Any,
    services_base: Any,
    services_damage: Any,
    duration: Any,
    base: Any,
    adjustment: Any,
    additional: Any,
) -> Any:
    """Compensate a sea-use project's loss: living resources once, services year by year."""
    living = step("living_loss", area * living_base * living_damage)
    services = step("services_loss", area * services_base * services_damage * duration)
    return (living + services) * step("coefficient", base + adjustment + additional)


nearby_loss = project_loss.edition(
    "marine-nearby-loss",
    module=__name__,
    name="nearby_loss",
    doc="Compensate the loss near a project in use, over the years that the standard sets.",
)


@method("marine-service-base")
def service_base(density: Any, lowest: Any, highest: Any, spread: Any) -> Any:
    """Return the base value of services that a sea area's density is scaled to."""
    return (density - lowest) / (highest - lowest) * spread + lowest


@method("marine-gain-or-saving")
def gain_or_saving(amount: Any) -> Any:
    """Set a loss at what the liable party gained, or saved on treatment."""
    return total(amount)


@method("marine-peer-average")
def peer_average(amount: Any, weight: Any) -> Any:
    """Set a loss at the weighted average of peers in the same area and time."""
    return total(amount * weight) / total(weight)
