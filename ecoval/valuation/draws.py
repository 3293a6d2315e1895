"""Inputs that are not known exactly: a distribution for each, and a sample drawn from all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ..errors import InputError, Spot, nearest
from ..units import factor, measure, unit
from .paths import Array

Sampling = Literal["latin", "random"]

SAMPLINGS: dict[str, str] = {"latin": "拉丁超立方抽样", "random": "简单随机抽样"}

# What each distribution is described by.
SHAPES: dict[str, tuple[str, ...]] = {
    "uniform": ("low", "high"),
    "integers": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "pert": ("low", "mode", "high"),
    "normal": ("mean", "sd"),
    "lognormal": ("median", "sigma"),
}
_TITLES = {
    "uniform": "均匀分布",
    "integers": "整数均匀分布",
    "triangular": "三角分布",
    "pert": "PERT 分布",
    "normal": "正态分布",
    "lognormal": "对数正态分布",
}


@dataclass(frozen=True)
class Draw:
    """The distribution of one input, in the unit that the input is used in.

    It is one of `scipy.stats` with its ``arguments``, or frozen already; ``note`` says why this one.
    """

    name: str
    of: Any
    arguments: tuple[float, ...]
    said: str
    note: str = ""

    @property
    def distribution(self) -> Any:
        """The frozen distribution."""
        return self.of(*self.arguments) if self.arguments else self.of

    def at(self, share: Any) -> Array:
        """Return the value that the *share* of all values lies below."""
        return np.asarray(self.of.ppf(share, *self.arguments), dtype=float)


def read_draw(name: str, given: Any, to: str) -> Draw:
    """Return the distribution that *given* describes, in the unit *to*.

    *given* is a frozen distribution of `scipy.stats`, in that unit already, or a table such as
    ``{ dist = "triangular", low = "80 公顷", mode = "100 公顷", high = "130 公顷" }``.

    Raises
    ------
    InputError
        A distribution or a key is unknown or missing, or the numbers are out of order.
    UnitError
        A number has another unit than the input.
    """
    where = Spot(f"抽样 {name}", (name,))
    if isinstance(given, Draw):
        return given
    if hasattr(given, "ppf"):
        kind = getattr(getattr(given, "dist", None), "name", "")
        return Draw(name, given, (), f"scipy.stats {kind}".strip())
    if not isinstance(given, Mapping) or "dist" not in given:
        hint = '例如 { dist = "uniform", low = 0.02, high = 0.05 }。'
        raise InputError("应为分布", where=where, got=repr(given), hint=hint)
    kind = given["dist"]
    if kind not in SHAPES:
        hint = nearest(str(kind), SHAPES) or f"可用：{'、'.join(SHAPES)}。"
        raise InputError("没有这种分布", where=where, got=kind, hint=hint)
    wanted = SHAPES[kind]
    for key in given:
        if key not in (*wanted, "dist", "note"):
            raise InputError(f"未知的键 {key}", where=where, hint=nearest(key, wanted))
    numbers = []
    for key in wanted:
        if key not in given:
            raise InputError(f"缺少 {key}", where=where)
        plain = key == "sigma"
        numbers.append(_number(given[key], "" if plain else to, where))
    said = "，".join(f"{key} {given[key]}" for key in wanted)
    note = str(given.get("note", ""))
    return Draw(name, *_shaped(kind, numbers, where), f"{_TITLES[kind]}（{said}）", note)


def _number(given: Any, to: str, where: Spot) -> float:
    number, of = measure(given, where=where)
    # A bare number is in the unit of the input, as everywhere in a table of its own.
    if not isinstance(given, str) and of == unit(""):
        return number
    return number * factor(of, unit("" if to == "%" else to))


def _shaped(kind: str, numbers: list[float], where: Spot) -> tuple[Any, tuple[float, ...]]:
    """Return the distribution of scipy that *kind* is, and its arguments."""
    from scipy import stats

    if kind in ("normal", "lognormal"):
        centre, width = numbers
        if not width > 0 or (kind == "lognormal" and not centre > 0):
            raise InputError(
                "离散程度应大于零，对数正态的中位数也应大于零", where=where, got=numbers
            )
        if kind == "normal":
            return stats.norm, (centre, width)
        return stats.lognorm, (width, 0.0, centre)
    if numbers != sorted(numbers) or numbers[0] == numbers[-1]:
        raise InputError("应由小到大", where=where, got=numbers)
    low, high = numbers[0], numbers[-1]
    span = high - low
    if kind == "uniform":
        return stats.uniform, (low, span)
    if kind == "integers":
        if low != int(low) or high != int(high):
            raise InputError("应为整数", where=where, got=numbers)
        return stats.randint, (low, high + 1)
    middle = (numbers[1] - low) / span
    if kind == "triangular":
        return stats.triang, (middle, low, span)
    return stats.beta, (1 + 4 * middle, 5 - 4 * middle, low, span)


def drawn(draws: list[Draw], size: int, *, seed: int, sampling: Sampling) -> Array:
    """Return *size* rows of values, a column for each of *draws*; the same *seed* gives the same."""
    if sampling not in SAMPLINGS:
        raise InputError("没有这种抽样", where="sampling", got=sampling, hint="、".join(SAMPLINGS))
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise InputError("种子应为非负整数，以便重算", where="seed", got=seed)
    if isinstance(size, bool) or size != int(size) or not 2 <= size <= 10_000_000:
        raise InputError("抽样次数应为 2 以上的整数", where="size", got=size)
    random = np.random.default_rng(seed)
    if sampling == "latin":
        from scipy.stats import qmc

        shares = qmc.LatinHypercube(d=len(draws), rng=random).random(size)
    else:
        shares = random.random((size, len(draws)))
    return np.column_stack([draw.at(shares[:, place]) for place, draw in enumerate(draws)])
