"""Fishery resources: illegal catches, polluted or occupied waters, restocking."""

from __future__ import annotations

from typing import Any

from ..formula import largest, smallest, step, total
from .definition import method


@method("fishery-catch-value")
def catch_value(mass: Any, price: Any) -> Any:
    """Value a catch by species and size."""
    return total(mass * price)


@method("fishery-catch-multiple")
def catch_multiple(catch_value: Any, multiple: Any) -> Any:
    """Value the loss of fishery resources at a multiple of the catch."""
    return catch_value * multiple


@method("fishery-catch-in-kind")
def catch_in_kind(catch: Any, multiple: Any) -> Any:
    """Return the mass of adult fish to release: kilograms, not money."""
    return catch * multiple


@method("fishery-direct-loss")
def direct_loss(catch_value: Any, uncaught: Any) -> Any:
    """Value a catch and what was killed but not caught."""
    return catch_value * (1 + uncaught)


@method("fishery-direct-indirect")
def direct_indirect(direct_loss: Any, indirect_multiple: Any) -> Any:
    """Value illegal fishing by its direct damage and a multiple of it."""
    indirect = step("indirect", direct_loss * indirect_multiple)
    return direct_loss + indirect


@method("fishery-density-loss")
def density_loss(area: Any, density: Any, loss_rate: Any, price: Any) -> Any:
    """Value what polluted water lost of each stock, by density, loss rate and price."""
    return area * total(density * loss_rate * price)


@method("fishery-pollution-loss")
def pollution_loss(direct_loss: Any, recovery_multiple: Any, other_loss: Any) -> Any:
    """Value natural stocks by their direct loss and the cost of their recovery."""
    recovery = step("recovery", direct_loss * recovery_multiple)
    return direct_loss + recovery + other_loss


@method("fishery-once")
def once(density: Any, area: Any, loss_rate: Any, price: Any, multiple: Any) -> Any:
    """Value a one-off loss of adult stocks in one zone of exceedance."""
    return density * area * loss_rate * price * multiple


@method("fishery-once-early")
def once_early(
    egg_density: Any,
    larva_density: Any,
    area: Any,
    loss_rate: Any,
    egg_survival: Any,
    larva_survival: Any,
    fry_price: Any,
    multiple: Any,
) -> Any:
    """Value a one-off loss of eggs and larvae as the fry they would have become."""
    early = egg_density * egg_survival + larva_density * larva_survival
    fry = step("fry", early * area * loss_rate)
    return fry * fry_price * multiple


@method("fishery-lasting")
def lasting(
    density: Any,
    area: Any,
    loss_rate: Any,
    days: Any,
    cycle: Any,
    price: Any,
    years: Any,
    least_years: Any,
    long_years: Any,
) -> Any:
    """Value a loss of adult stocks that comes again with every cycle of days."""
    counted = step("counted_years", smallest(largest(years, least_years), long_years))
    return density * area * loss_rate * (days / cycle) * price * counted


@method("fishery-lasting-early")
def lasting_early(
    egg_density: Any,
    larva_density: Any,
    area: Any,
    loss_rate: Any,
    egg_survival: Any,
    larva_survival: Any,
    days: Any,
    cycle: Any,
    fry_price: Any,
    years: Any,
    least_years: Any,
    long_years: Any,
) -> Any:
    """Value a loss of eggs and larvae that comes again with every cycle of days."""
    early = egg_density * egg_survival + larva_density * larva_survival
    fry = step("fry", early * area * loss_rate * (days / cycle))
    counted = step("counted_years", smallest(largest(years, least_years), long_years))
    return fry * fry_price * counted


@method("fishery-occupation")
def occupation(
    density: Any,
    area: Any,
    stocks_per_year: Any,
    price: Any,
    years: Any,
    least_years: Any,
    long_years: Any,
) -> Any:
    """Value the adult stock of waters that are occupied for years."""
    counted = step("counted_years", smallest(largest(years, least_years), long_years))
    return density * area * stocks_per_year * price * counted


@method("fishery-occupation-early")
def occupation_early(
    egg_density: Any,
    larva_density: Any,
    area: Any,
    egg_survival: Any,
    larva_survival: Any,
    stocks_per_year: Any,
    fry_price: Any,
    years: Any,
    least_years: Any,
    long_years: Any,
) -> Any:
    """Value the eggs and larvae of waters that are occupied for years."""
    early = egg_density * egg_survival + larva_density * larva_survival
    fry = step("fry", early * area * stocks_per_year)
    counted = step("counted_years", smallest(largest(years, least_years), long_years))
    return fry * fry_price * counted


@method("fishery-restocking")
def restocking(lost: Any, survival: Any, fry_price: Any, handling: Any) -> Any:
    """Value the release of fry that makes up for what was lost."""
    released = step("released", lost / survival)
    return released * (fry_price + handling)


@method("fishery-plankton-loss")
def plankton_loss(density: Any, volume: Any, loss_rate: Any) -> Any:
    """Return the plankton that polluted water lost: a mass, not money."""
    return density * volume * loss_rate


@method("fishery-encirclement")
def encirclement(dead: Any, sampled: Any, area: Any) -> Any:
    """Return the fish lost in an incident's waters, from the dead at encircled points."""
    return total(dead) / total(sampled) * area
