"""The figure of a confirmation: every value, the means, the baseline, the threshold; fit for grey print."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ..errors import OutputError
from ..units import display
from .samples import Sample

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

    from .confirmation import Confirmation

# Fonts with Chinese characters that come with a system, the plain ones first.
_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "SimHei",
    "PingFang SC",
    "PingFang HK",
    "Hiragino Sans GB",
    "Heiti SC",
    "STHeiti",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Sans CJK JP",
    "Noto Serif CJK SC",
    "Noto Serif CJK JP",
    "SimSun",
    "FangSong",
    "Songti SC",
    "Arial Unicode MS",
    "Droid Sans Fallback",
)
# Above this ratio of the largest to the smallest value the axis is logarithmic.
_LOG_FROM = 30


@lru_cache(maxsize=1)
def chinese_font() -> tuple[str, str]:
    """Return name and file of a font of this machine that has the characters a figure uses.

    Raises
    ------
    OutputError
        There is none: boxes instead of characters are not drawn.
    """
    from matplotlib import font_manager
    from matplotlib.ft2font import FT2Font

    files = {
        entry.name: entry.fname
        for entry in font_manager.fontManager.ttflist
        if entry.style == "normal" and str(entry.weight) in ("400", "normal", "regular")
    }
    for name in _FONTS:
        if name in files:
            font = FT2Font(files[name])
            if all(font.get_char_index(ord(letter)) for letter in "基线阈值受影响区对照未检出"):
                return name, files[name]
    raise OutputError(
        "没有找到含中文的字体，不能作图",
        where="plot",
        hint="请安装 Noto Sans CJK SC（Debian：fonts-noto-cjk）、微软雅黑或黑体之一。",
    )


def plot(of: Confirmation) -> Figure:
    """Return the figure of *of*.

    Filled marks are detected values, open triangles at the detection limit are values below it;
    the bar is the mean as it was computed. Nothing is told apart by colour alone.

    Raises
    ------
    OutputError
        The machine has no font with Chinese characters.
    """
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

    font = FontProperties(fname=chinese_font()[1], size=9)
    groups: list[Sample] = [of.affected]
    if of.baseline.sample is not None:
        groups.insert(0, of.baseline.sample)
    figure = Figure(figsize=(6.3, 1.5 + 0.75 * len(groups)), dpi=200, layout="constrained")
    axes: Axes = figure.subplots()
    for row, sample in enumerate(groups):
        _dots(axes, of, sample, row)
    _lines(axes, of)
    axes.set_yticks(range(len(groups)))
    axes.set_yticklabels(
        [f"{sample.title}\nn = {len(sample)}" for sample in groups], fontproperties=font
    )
    axes.set_ylim(-0.6, len(groups) - 0.4)
    unit = f"（{display(of.unit)}）" if of.unit else ""
    _scale(axes, of, groups)
    log = "，对数坐标" if axes.get_xscale() == "log" else ""
    axes.set_xlabel(f"{of.indicator}{unit}{log}", fontproperties=font)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.legend(
        prop=_smaller(font),
        loc="lower center",
        bbox_to_anchor=(0.5, 1.0),
        ncols=5,
        frameon=False,
        handletextpad=0.4,
        columnspacing=1.0,
    )
    return figure


def _smaller(font: FontProperties) -> FontProperties:
    small = font.copy()
    small.set_size(8)
    return small


def _dots(axes: Axes, of: Confirmation, sample: Sample, row: int) -> None:
    import numpy as np

    # Spread by place, not by chance: the same samples give the same figure.
    offsets = [0.16 * ((place * 2) % 5 - 2) / 2 for place in range(len(sample))]
    for detected, mark, face in ((True, "o", "0.35"), (False, "v", "white")):
        chosen = [
            (each.value, row + offset)
            for each, offset in zip(sample.readings, offsets, strict=True)
            if each.detected == detected
        ]
        if not chosen:
            continue
        label = "检出值" if detected else "未检出（标于检出限）"
        known = axes.get_legend_handles_labels()[1]
        axes.scatter(
            [x for x, _ in chosen],
            [y for _, y in chosen],
            marker=mark,
            s=22,
            facecolor=face,
            edgecolor="black",
            linewidth=0.8,
            zorder=3,
            label=None if label in known else label,
        )
    mean = float(np.mean(sample.taken(of.treatment)))
    mark_of = None if "均值" in axes.get_legend_handles_labels()[1] else "均值"
    axes.plot([mean, mean], [row - 0.32, row + 0.32], color="black", linewidth=2.2, label=mark_of)


def _lines(axes: Axes, of: Confirmation) -> None:
    from .confirmation import percentage

    for place, bound in enumerate(bound for bound in of.bounds if bound is not None):
        axes.axvline(bound, color="black", linewidth=1, label=None if place else "基线")
        if of.limit is not None and of.direction != "range":
            sign = 1 if of.direction == "higher" else -1
            axes.axvline(
                bound * (1 + sign * of.limit),
                color="black",
                linewidth=1,
                linestyle=(0, (5, 3)),
                label=f"基线{'+' if sign > 0 else '−'}{percentage(of.limit)}",
            )


def _scale(axes: Axes, of: Confirmation, groups: list[Sample]) -> None:
    values = [each.value for sample in groups for each in sample.readings]
    values += [bound for bound in of.bounds if bound is not None]
    if min(values) > 0 and max(values) / min(values) > _LOG_FROM:
        axes.set_xscale("log")
        # Plain numbers in the axis' own font: a Chinese font has no superscript minus.
        axes.xaxis.set_major_formatter(lambda value, _: format(value, "g"))
        axes.xaxis.set_minor_formatter(lambda value, _: "")
