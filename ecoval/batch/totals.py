"""Monte Carlo over a sheet of cases: what their total comes to when prices or quantities are uncertain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError, OutputError, nearest
from ..formula.evaluate import evaluate
from ..valuation import Method
from ..valuation.draws import Draw, Sampling, read_draw, sample
from ..valuation.keyed import Array
from ..valuation.registry import method as find
from .flat import ParquetSheet
from .gathering import Settings
from .partitions import ROWS, Partition, _plan, cluster, partitions_of
from .running import DONE, value_block


@dataclass(frozen=True, eq=False)
class Totals:
    """The total of all rows for each draw, in the unit of the result; nothing is rounded.

    ``factors`` has a row for each draw and a column for each name of ``names``.
    """

    method: Method
    names: tuple[str, ...]
    factors: Array
    totals: Array
    certain: float
    rows: int
    seed: int

    def quantiles(
        self, shares: tuple[float, ...] = (0.05, 0.25, 0.5, 0.75, 0.95)
    ) -> dict[float, float]:
        """Return the total that each share of the draws lies below."""
        return dict(zip(shares, map(float, np.quantile(self.totals, shares)), strict=True))


def draw_totals(
    source: str | Path, factors: Mapping[str, Any], *, method: str, size: int = 1000, seed: int = 1,
    sampling: Sampling = "latin", place: str = "", on: str = "", scheduler: str = "", workers: int = 0,
    client: Any = None, rows: int = ROWS, retries: int = 3,
) -> Totals:  # fmt: skip
    """Return the total of the Parquet file or folder *source* for *size* draws, on the workers of Dask.

    *factors* says by what each term is multiplied, in all rows alike: ``{"unit_cost": {"dist":
    "triangular", "low": 0.8, "mode": 1, "high": 1.3}}`` is a price that nobody knows exactly. Rows
    at fault are left out. The same *seed* gives the same to the last bit, with whatever workers.

    Raises
    ------
    InputError
        A name is no term that may be scaled: one with a range of the standard, a share, a year or
        a whole number may not; a distribution will not do; the source cannot be read.
    OutputError
        A partition failed each time.
    """
    known = find(method)
    draws = [_draw(known, name, given) for name, given in factors.items()]
    if not draws:
        raise InputError("没有要抽样的输入项", where=method)
    drawn = sample(draws, size, seed=seed, sampling=sampling)
    parts = partitions_of(Path(source).resolve(), Path(source).resolve(), rows)
    names = tuple(draw.name for draw in draws)
    work = _Work(method, Settings(place, on), names, drawn)
    if client is None:
        with cluster(scheduler, workers) as own:
            found = _gathered(own, work, parts, retries)
    else:
        found = _gathered(client, work, parts, retries)
    totals, certain, count = np.zeros(size), 0.0, 0
    for each, sure, done in found:  # in the order of the partitions, whoever was first
        totals = totals + each
        certain += sure
        count += done
    return Totals(known, names, drawn, totals, certain, count, seed)


def _draw(method: Method, name: str, given: Any) -> Draw:
    terms = {term.name: term for term in method.card.terms}
    if name not in terms:
        raise InputError("没有这个输入项", where=method.id, got=name, hint=nearest(name, terms))
    term = terms[name]
    if term.range is not None or term.share or term.calendar or term.whole:
        raise InputError(
            "有取值范围的系数、比例、年份和整数不能成比例地抽样", where=f"{method.id}：{name}"
        )
    return read_draw(name, given, "")


@dataclass(frozen=True, eq=False)
class _Work:
    """Value one partition for every draw; it is sent to the workers."""

    method: str
    settings: Settings
    names: tuple[str, ...]
    drawn: Array

    def __call__(self, part: Partition) -> tuple[Array, float, int]:
        sheet = ParquetSheet(Path(part.path), part.groups, part.first)
        plan = _plan(sheet, None, self.method, self.settings)
        root = find(self.method).formula.root
        totals, certain, count = np.zeros(len(self.drawn)), 0.0, 0
        for block in sheet.blocks(1, len(plan.headers)):
            outcome = value_block(plan, block, self.settings)
            done = outcome.status.are(DONE)
            values = {name: column[done] for name, column in outcome.values.items()}
            certain += float(outcome.exact[done].sum())
            count += int(done.sum())
            for at, factors in enumerate(self.drawn):
                scaled = {
                    name: values[name] * factor
                    for name, factor in zip(self.names, factors, strict=True)
                }
                result, _ = evaluate(root, {**values, **scaled})
                totals[at] += float(np.sum(result))
        return totals, certain, count


def _gathered(client: Any, work: _Work, parts: list[Partition], retries: int) -> Any:
    futures = [client.submit(work, part, pure=False, retries=retries) for part in parts]
    try:
        return client.gather(futures)
    except OSError as error:
        raise OutputError("一个分区没有算成", got=str(error)) from None
