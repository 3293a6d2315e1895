"""Charts where people would rather look than read: the share of each head, the path of services."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from textwrap import fill
from typing import Any

from .. import money
from ..case.assessment import Assessment
from ..errors import OutputError
from ..rules.cards import HEADS
from ..valuation.item import Item
from .catalogue import in_language, title_of
from .choosing import Language
from .pictures import Picture

# Sans-serif fonts with Chinese characters, as Windows, macOS and Linux have them.
_FONTS = (
    "SimHei",
    "Microsoft YaHei",
    "PingFang SC",
    "Heiti SC",
    "STHeiti",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Sans CJK JP",
    "Arial Unicode MS",
    "Droid Sans Fallback",
)
# Greys with a pattern each, so that a black-and-white print tells them apart.
_FILLS = (
    ("0.25", ""),
    ("0.85", "///"),
    ("0.55", ""),
    ("1.0", "..."),
    ("0.7", "xxx"),
    ("0.95", "\\\\\\"),
)
_WIDTH = 15.0


def charts(assessment: Assessment, language: Language = "zh") -> list[dict[str, Any]]:
    """Return the charts that the case has something to show in: ``title`` and ``picture`` each.

    The share of each head where there are two or more; the path of services of each item, or part
    of one, that is summed over years.

    Raises
    ------
    OutputError
        The machine has no font with Chinese characters.
    """
    drawn = []
    shares = [(head, fens) for head, fens in assessment.by_head.items() if fens > 0]
    if len(shares) > 1:
        total = money.total(fens for _, fens in shares)
        bars = [
            (in_language(HEADS[head], language), fens, f"{fens / total:.1%}")
            for head, fens in shares
        ]
        title = in_language("各赔偿科目所占份额", language)
        drawn.append({"title": title, "picture": _bars(title, bars, language)})
    for assessed in assessment.items:
        for item, years, levels in service_paths(assessed.item):
            title = f"{title_of(item.card, language)}（{assessed.place}）"
            if language == "en":
                title = f"{title_of(item.card, language)} (item {assessed.place})"
            drawn.append({"title": title, "picture": _path(title, item, years, levels, language)})
    return drawn


def service_paths(item: Item) -> Iterator[tuple[Item, tuple[str, ...], tuple[float, ...]]]:
    """Yield *item* and its parts that are summed over years, with their years and levels."""
    for part in item.parts:
        yield from service_paths(part)
    held = {used.term.name: used for used in item.inputs if used.term.lines}
    if {"level", "factor"} <= held.keys() and len(held["level"].values) > 1:
        levels = tuple(float(number) for number in held["level"].values)
        names = tuple(line.get("name", "") for line in item.lines)
        numbered = tuple(str(place) for place in range(1, len(levels) + 1))
        named = len(names) == len(levels) and all(names)
        yield item, names if named else numbered, levels


def chinese_font() -> str:
    """Return the name of a font of this machine that has Chinese characters.

    Raises
    ------
    OutputError
        There is none.
    """
    from matplotlib import font_manager

    known = {font.name for font in font_manager.fontManager.ttflist}
    found = next((name for name in _FONTS if name in known), None)
    if found is None:
        raise OutputError(
            "没有中文字体，不能绘图", hint=f"请安装其中之一：{'、'.join(_FONTS[:8])}。"
        )
    return found


def _bars(title: str, bars: Sequence[tuple[str, int, str]], language: Language) -> Picture:
    figure, axes, font = _figure(0.6 + 1.0 * len(bars))
    for place, (_, fens, _share) in enumerate(bars):
        grey, hatch = _FILLS[place % len(_FILLS)]
        axes.barh(place, fens / 100, color=grey, hatch=hatch, edgecolor="0", linewidth=0.8)
    most = max(fens for _, fens, _ in bars) / 100
    unit = in_language("元", language)
    for place, (_, fens, share) in enumerate(bars):
        said = f"{money.printed(fens)} {unit}  {share}"
        axes.text(fens / 100 + most * 0.015, place, said, va="center", fontproperties=font)
    names = [fill(name, 26 if language == "en" else 11) for name, _, _ in bars]
    axes.set_yticks(range(len(bars)), names, fontproperties=font)
    axes.invert_yaxis()
    axes.set_xlim(0, most * 1.6)
    axes.xaxis.set_visible(False)
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    mark = "; " if language == "en" else "；"
    alt = mark.join(f"{name} {money.printed(fens)} {unit} {share}" for name, fens, share in bars)
    return _drawn(figure, f"{title}: {alt}" if language == "en" else f"{title}：{alt}")


def _path(
    title: str, item: Item, years: Sequence[str], levels: Sequence[float], language: Language
) -> Picture:
    figure, axes, font = _figure(6.0)
    at = range(len(levels))
    axes.fill_between(at, [level * 100 for level in levels], color="0.85", step="mid")
    axes.step(at, [level * 100 for level in levels], where="mid", color="0", linewidth=1.2)
    every = max(1, -(-len(years) // 10))
    marks = [_year(year) for year in years]
    axes.set_xticks(list(at)[::every], marks[::every], fontproperties=font)
    axes.set_ylim(0, max(100 * max(levels) * 1.1, 1))
    level = next(used.term for used in item.inputs if used.term.name == "level")
    axes.set_ylabel(f"{title_of(level, language)} (%)", fontproperties=font)
    axes.set_xlabel(in_language("年份", language), fontproperties=font)
    axes.tick_params(labelsize=9)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    shown = ", ".join(
        f"{year} {number:.1%}" for year, number in list(zip(marks, levels, strict=True))[::every]
    )
    return _drawn(figure, f"{title}: {shown}" if language == "en" else f"{title}：{shown}")


def _year(name: str) -> str:
    """Return the mark of a year under the axis: what part of it is counted stands in the table."""
    found = _YEAR.match(name)
    if found is None:
        return name
    return found[1] or f"{'−' if found[2] else ''}{found[3]}"


_YEAR = re.compile(r"(\d{4}) 年|(基准前)?第 (\d+) 年")


def _figure(height: float) -> tuple[Any, Any, Any]:
    """Return a figure *height* centimetres high without a window, its axes and the font."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

    figure = Figure(figsize=(_WIDTH / 2.54, height / 2.54), dpi=200, layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.add_subplot(), FontProperties(family=chinese_font(), size=9)


def _drawn(figure: Any, alt: str) -> Picture:
    written = BytesIO()
    figure.savefig(written, format="png", metadata={"Software": None})
    return Picture(written.getvalue(), _WIDTH, alt)
