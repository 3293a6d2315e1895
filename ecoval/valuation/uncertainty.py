"""Monte Carlo: what an item comes to when its inputs are not known exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputError, OutOfScope
from ..version import VERSION
from .draws import SAMPLINGS, Draw, Sampling, drawn, read_draw
from .item import Item
from .paths import Array
from .revaluing import drawable, revalue
from .spread import amount_text

if TYPE_CHECKING:
    import pandas as pd

_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Swing:
    """What one input alone moves: its low and its high value, and what the item comes to at them."""

    name: str
    low: float
    high: float
    at_low: float
    at_high: float

    @property
    def width(self) -> float:
        """How far apart the two results are."""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True, eq=False)
class Simulation:
    """An item valued for each row of a sample of its inputs.

    ``values`` has a row for each draw and a column for each input, ``results`` what the item comes
    to. Seed, sampling, size and version are what it takes to draw the same again.
    """

    item: Item
    draws: tuple[Draw, ...]
    values: Array
    results: Array
    seed: int
    sampling: Sampling
    version: str = VERSION

    def __repr__(self) -> str:
        return f"<simulation {self.item.card.id} {len(self.results)} {','.join(self.names)}>"

    @property
    def names(self) -> tuple[str, ...]:
        """The drawn inputs."""
        return tuple(draw.name for draw in self.draws)

    @cached_property
    def mean(self) -> float:
        """The mean of the results."""
        return float(self.results.mean())

    @cached_property
    def sd(self) -> float:
        """The standard deviation of the results."""
        return float(self.results.std(ddof=1))

    def quantiles(self, shares: Sequence[float] = _QUANTILES) -> dict[float, float]:
        """Return the result that each share of the draws lies below."""
        found = np.quantile(self.results, shares)
        return dict(zip(shares, map(float, found), strict=True))

    def histogram(self, bins: int = 40) -> tuple[Array, Array]:
        """Return how many draws fall between the edges, and the edges."""
        counts, edges = np.histogram(self.results, bins=bins)
        return counts.astype(float), edges

    def tornado(self, low: float = 0.05, high: float = 0.95) -> tuple[Swing, ...]:
        """Return what each input alone moves from its *low* to its *high* quantile, the widest first.

        The other inputs are as the item was valued.
        """
        swings = []
        for draw in self.draws:
            ends = np.array([float(draw.at(low)), float(draw.at(high))])
            at_low, at_high = revalue(self.item, {draw.name: ends})
            swings.append(
                Swing(draw.name, float(ends[0]), float(ends[1]), float(at_low), float(at_high))
            )
        return tuple(sorted(swings, key=lambda swing: -swing.width))

    @cached_property
    def ranks(self) -> dict[str, float]:
        """The rank correlation (Spearman) of each input with the result."""
        from scipy.stats import spearmanr

        if np.ptp(self.results) == 0:
            return dict.fromkeys(self.names, 0.0)
        return {
            name: float(spearmanr(self.values[:, place], self.results).statistic)
            for place, name in enumerate(self.names)
        }

    @cached_property
    def shares(self) -> dict[str, float]:
        """The share of each input in the variance of the ranks: squared correlations, summing to 1.

        A good picture where the result moves one way with each input, and the inputs are
        independent, as here; `sobol` asks for nothing of the kind.
        """
        squares = {name: rank**2 for name, rank in self.ranks.items()}
        whole = sum(squares.values())
        return {name: square / whole if whole else 0.0 for name, square in squares.items()}

    def sobol(self, size: int = 1024) -> dict[str, tuple[float, float]]:
        """Return the first-order and the total share of each input in the variance of the result.

        By `scipy.stats.sobol_indices`; *size* is a power of two, and the item is valued
        size × (inputs + 2) times.
        """
        from scipy.stats import sobol_indices

        def results(columns: Array) -> Array:
            return revalue(self.item, dict(zip(self.names, columns, strict=True)))

        found = sobol_indices(
            func=results,
            n=size,
            dists=[draw.distribution for draw in self.draws],
            rng=np.random.default_rng(self.seed),
        )
        pairs = zip(self.names, found.first_order, found.total_order, strict=True)
        return {name: (float(first), float(total)) for name, first, total in pairs}

    def switching(self, name: str, target: float) -> float:
        """Return the value of the input *name* at which the item comes to *target*, all else as valued.

        Raises
        ------
        InputError
            The input is not drawn.
        OutOfScope
            The item does not come to *target* anywhere between the ends of its distribution.
        """
        from scipy.optimize import brentq

        if name not in self.names:
            raise InputError("没有抽样的输入项", got=name, hint="、".join(self.names))
        draw = self.draws[self.names.index(name)]
        low, high = float(draw.at(1e-6)), float(draw.at(1 - 1e-6))

        def gap(value: float) -> float:
            return float(revalue(self.item, {name: np.array([value])})[0]) - target

        ends = gap(low), gap(high)
        if ends[0] * ends[1] > 0:
            raise OutOfScope(
                f"{name} 在 {low:.6g} 与 {high:.6g} 之间时，结果在 {ends[0] + target:.6g} 与"
                f" {ends[1] + target:.6g} 之间，不经过该值",
                got=target,
            )
        return float(brentq(gap, low, high, xtol=1e-12 * max(1.0, abs(high))))

    def table(self) -> pd.DataFrame:
        """Return a row for each input: its distribution, its swing, rank correlation and share."""
        import pandas as pd

        said = {draw.name: draw.said for draw in self.draws}
        return pd.DataFrame(
            [
                {
                    "输入项": swing.name,
                    "分布": said[swing.name],
                    "5%": swing.low,
                    "95%": swing.high,
                    "结果（5%）": swing.at_low,
                    "结果（95%）": swing.at_high,
                    "秩相关": self.ranks[swing.name],
                    "方差份额": self.shares[swing.name],
                }
                for swing in self.tornado()
            ]
        )

    @property
    def text(self) -> str:
        """The result in one sentence, with what it takes to draw the same again."""
        found = self.quantiles()
        say = {share: amount_text(value, self.item.unit) for share, value in found.items()}
        return (
            f"{self.item.card.result.title}经 {len(self.results):,} 次{SAMPLINGS[self.sampling]}"
            f"（种子 {self.seed}，ecoval {self.version}），中位数 {say[0.5]}，"
            f"90% 的结果在 {say[0.05]} 与 {say[0.95]} 之间，"
            f"平均 {amount_text(self.mean, self.item.unit)}；"
            f"各项取所给值时为 {amount_text(self.item.exact, self.item.unit)}"
        )

    def __str__(self) -> str:
        lines = [self.text]
        for swing in self.tornado():
            at = [amount_text(each, self.item.unit) for each in (swing.at_low, swing.at_high)]
            lines.append(
                f"  {swing.name}  {swing.low:.6g} 至 {swing.high:.6g}：{at[0]} 至 {at[1]}，"
                f"秩相关 {self.ranks[swing.name]:.2f}，方差份额 {self.shares[swing.name]:.0%}"
            )
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.text)}</p>{self.table().to_html(index=False)}"

    def as_dict(self) -> dict[str, Any]:
        """Return the simulation as it stands in JSON, without the draws themselves."""
        counts, edges = self.histogram()
        return {
            "method": self.item.card.id,
            "fingerprint": self.item.fingerprint,
            "version": self.version,
            "seed": self.seed,
            "sampling": self.sampling,
            "size": len(self.results),
            "unit": self.item.unit,
            "inputs": {draw.name: {"said": draw.said, "note": draw.note} for draw in self.draws},
            "mean": self.mean,
            "sd": self.sd,
            "quantiles": {str(share): value for share, value in self.quantiles().items()},
            "histogram": {"counts": counts.tolist(), "edges": edges.tolist()},
            "tornado": [vars(swing) for swing in self.tornado()],
            "ranks": self.ranks,
            "shares": self.shares,
        }


def simulate(
    item: Item,
    draws: Mapping[str, Any],
    *,
    seed: int,
    size: int = 10_000,
    sampling: Sampling = "latin",
) -> Simulation:
    """Return *item* valued for *size* draws of its inputs, by its own formulas.

    Parameters
    ----------
    item
        The item as valued; what is not drawn stays as it is there.
    draws
        By the name of an input (``quantity``, ``rate``, ``loss.years``, ``芦苇.quantity``): a
        distribution of `scipy.stats` in the unit the input is used in, or a table that
        `ecoval.valuation.draws.read_draw` reads. They are drawn independently of each other.
    seed
        What the draws start from; no default, for it is part of the record.

    Raises
    ------
    InputError, OutOfScope
        A name is no input of the item, a distribution will not do, or it has values that the input
        cannot have.
    """
    if not draws:
        raise InputError("没有抽样的输入项", where=item.card.id)
    known = drawable(item)
    read = [read_draw(name, given, known.get(name, "")) for name, given in draws.items()]
    # A name that is no input is refused by `revalue`, which knows them all.
    values = drawn(read, size, seed=seed, sampling=sampling)
    columns = {draw.name: values[:, place] for place, draw in enumerate(read)}
    return Simulation(item, tuple(read), values, revalue(item, columns), seed, sampling)
