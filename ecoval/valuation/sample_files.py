"""Confirm damage from files: a sheet of samples with options for all, or TOML with its own for each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, cast

from pydantic import BeforeValidator, Field

from ..content import read_text
from ..errors import EcovalError, InputError, nearest
from ..reading import Model, check, line_of, read_model
from .baseline import confirm
from .baseline_sources import Baseline, measured, stated
from .baseline_sources import Kind as BaselineKind
from .confirmation import Confirmation
from .confirmations import Confirmations
from .sample_sheets import TITLES, Group, Groups, read_samples
from .samples import Sample


class BaselineOptions(Model):
    """The ``[indicator.baseline]`` of a TOML file: as `baseline.measured` or `baseline.stated` takes it."""

    kind: BaselineKind = Field(alias="from")
    values: tuple[Any, ...] | None = None
    detection_limit: Any = None
    points: tuple[str, ...] = ()
    statistic: str = ""
    statistic_basis: str = ""
    confidence: float | None = None
    method: str = ""
    share: float | None = None
    minimum: int | None = None
    minimum_basis: str = ""
    value: Any = None
    low: Any = None
    high: Any = None
    basis: str = ""
    unavailable: dict[str, str] = Field(default_factory=dict)


class Options(Model):
    """How one indicator is judged: as `baseline.confirm` takes it."""

    indicator_kind: str
    direction: str
    baseline: BaselineOptions
    non_detects: str | None = None
    statistic: str = "mean"
    test: str = "auto"
    logarithm: bool = False
    threshold: Any = None
    overrule: dict[str, str] = Field(default_factory=dict)


class IndicatorEntry(Options):
    """An ``[[indicator]]`` of a TOML file; its values stand here, or in the file of samples."""

    name: str = Field(min_length=1)
    unit: str | None = None
    affected: tuple[Any, ...] | None = None
    detection_limit: Any = None
    points: tuple[str, ...] = ()


def _quoted(given: object) -> object:
    return given.isoformat() if isinstance(given, date) else given


class SampleFile(Model):
    """A TOML file of indicators; *samples* names a CSV or Excel file beside it that has the values."""

    on: Annotated[str, BeforeValidator(_quoted)]
    place: str = "CN"
    samples: str = ""
    indicators: tuple[IndicatorEntry, ...] = Field(alias="indicator", min_length=1)


def options(given: Mapping[str, Any]) -> Options:
    """Return *given* (of a command line, say) as options.

    Raises
    ------
    InputError
        A key is unknown or a value of the wrong kind.
    """
    return check(given, Options, where="options")


def confirm_samples(
    path: Path, options: Options, *, on: date | str, place: str = "CN"
) -> Confirmations:
    """Return the confirmations of every indicator in the CSV or Excel file *path*, all by *options*.

    Raises
    ------
    EcovalError
        As `read_samples` and `baseline.confirm` say, with the indicator before it.
    """
    return Confirmations(
        _confirmed(name, groups, options, on=on, place=place, where=f"{path} {name}")
        for name, groups in read_samples(path).items()
    )


def confirm_file(path: Path) -> Confirmations:
    """Return the confirmations of the indicators in the TOML file *path*.

    Raises
    ------
    EcovalError
        A key is unknown or missing, a sample or an option will not do: with file and line.
    """
    held = read_model(path, SampleFile)
    sheet = read_samples(path.parent / held.samples) if held.samples else {}
    text = read_text(path)
    made = []
    for place, entry in enumerate(held.indicators):
        at = f"{path} 第 {line_of(text, ('indicator', place))} 行 {entry.name}"
        if entry.affected is None and entry.name not in sheet:
            hint = nearest(entry.name, sheet) or "在 affected 中写值，或以 samples 指明样品文件。"
            raise InputError("没有受影响区的值", where=at, hint=hint)
        groups = sheet.get(entry.name) or Groups(entry.unit or "", at)
        if entry.affected is not None:
            if entry.unit is None:
                raise InputError("缺少 unit", where=at, hint="无量纲的写空文字。")
            groups = _with_values(entry, groups, at)
        made.append(_confirmed(entry.name, groups, entry, on=held.on, place=held.place, where=at))
    return Confirmations(made)


def _with_values(entry: IndicatorEntry, groups: Groups, at: str) -> Groups:
    assert entry.affected is not None and entry.unit is not None
    base = entry.baseline
    given: dict[Group, tuple[Any, Any, Any]] = {
        "affected": (entry.affected, entry.detection_limit, entry.points)
    }
    if base.values is not None and (base.kind == "history" or base.kind == "control"):
        limit = base.detection_limit if base.detection_limit is not None else entry.detection_limit
        given[base.kind] = (base.values, limit, base.points)
    held = Groups(entry.unit, at)
    for group, (values, limit, points) in given.items():
        try:
            sample = Sample.of(
                values, title=TITLES[group], unit=entry.unit, detection_limit=limit, points=points
            )
        except EcovalError as error:
            raise error.at(at) from None
        held.readings[group] = list(sample.readings)
    return held


def _confirmed(
    name: str, groups: Groups, options: Options, *, on: date | str, place: str, where: str
) -> Confirmation:
    affected = groups.sample("affected")
    if affected is None:
        raise InputError("没有受影响区的样品", where=where)
    try:
        return confirm(
            name,
            affected=affected,
            baseline=_baseline(groups, options.baseline),
            indicator_kind=options.indicator_kind,  # type: ignore[arg-type]
            direction=options.direction,  # type: ignore[arg-type]
            on=on,
            jurisdiction=place,
            non_detects=options.non_detects,  # type: ignore[arg-type]
            statistic=options.statistic,  # type: ignore[arg-type]
            test=options.test,  # type: ignore[arg-type]
            logarithm=options.logarithm,
            threshold=options.threshold,
            overrule=options.overrule,
        )
    except EcovalError as error:
        raise error.at(where) from None


def _baseline(groups: Groups, of: BaselineOptions) -> Baseline:
    unavailable = cast(dict[BaselineKind, str], of.unavailable)
    if of.kind == "standard" or of.kind == "study":
        for name in ("values", "statistic", "minimum"):
            if getattr(of, name):
                raise InputError(f"给定的基线没有 {name}", where=name)
        return stated(
            of.kind,
            unit=groups.unit,
            basis=of.basis,
            value=of.value,
            low=of.low,
            high=of.high,
            unavailable=unavailable,
        )
    for name in ("value", "low", "high"):
        if getattr(of, name) is not None:
            raise InputError(f"由样品计算的基线没有 {name}", where=name)
    sample = groups.sample(of.kind)
    if sample is None:
        raise InputError(f"没有{TITLES[of.kind]}的样品", where="baseline")
    if not of.statistic:
        raise InputError(
            "须指明取什么统计量（statistic）",
            where="statistic",
            hint="可用：mean、median、limit、percentile。",
        )
    if of.minimum is None:
        raise InputError(
            "须写明最少样品数（minimum）及其依据（minimum_basis）",
            where="minimum",
            hint="条文中的个数未见，须取自所依据的标准或方案。",
        )
    return measured(
        of.kind,
        sample,
        statistic=of.statistic,  # type: ignore[arg-type]
        statistic_basis=of.statistic_basis,
        minimum=of.minimum,
        minimum_basis=of.minimum_basis,
        basis=of.basis,
        confidence=of.confidence,
        method=of.method,
        share=of.share,
        unavailable=unavailable,
    )
