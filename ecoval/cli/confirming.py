"""``baseline``: from samples to the confirmation of damage."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .app import app
from .chinese import ChineseCommand


@app.command(
    cls=ChineseCommand, help="由样品确定基线、确认损害，写成一页（Word、HTML、PDF、JSON）。"
)
def baseline(
    samples: Annotated[
        Path,
        typer.Argument(metavar="样品文件", help="CSV 或 Excel（选项见下），或自带选项的 TOML。"),
    ],
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="文件", help="写到哪个文件；不写则只显示。"),
    ] = None,
    on: Annotated[str, typer.Option("--on", metavar="日期", help="损害发生之日。")] = "",
    place: Annotated[str, typer.Option("--in", metavar="地点", help="行政区划代码或名称。")] = "",
    kind: Annotated[
        str,
        typer.Option(
            "--from", metavar="来源", help="基线来源：history、control、standard、study。"
        ),
    ] = "",
    indicator_kind: Annotated[
        str, typer.Option(metavar="类别", help="concentration（浓度）或 biota（生物）。")
    ] = "",
    direction: Annotated[
        str, typer.Option(metavar="方向", help="higher（升高为损害）、lower 或 range。")
    ] = "",
    non_detects: Annotated[
        str | None,
        typer.Option(metavar="取值", help="未检出值：half、limit、zero 或 excluded。"),
    ] = None,
    statistic: Annotated[
        str,
        typer.Option(metavar="统计量", help="基线的统计量：mean、median、limit 或 percentile。"),
    ] = "",
    statistic_basis: Annotated[
        str, typer.Option(metavar="依据", help="取该统计量的标准与条款。")
    ] = "",
    confidence: Annotated[
        float | None, typer.Option(metavar="水平", help="limit 的置信水平，如 0.95。")
    ] = None,
    share: Annotated[
        float | None, typer.Option(metavar="比例", help="percentile 的比例，如 0.9。")
    ] = None,
    method: Annotated[
        str,
        typer.Option(
            metavar="算法",
            help="limit：t、lognormal、chebyshev、bootstrap；percentile：numpy 的名称。",
        ),
    ] = "",
    minimum: Annotated[
        int | None, typer.Option(metavar="个数", help="标准要求的最少样品数。")
    ] = None,
    minimum_basis: Annotated[
        str, typer.Option(metavar="依据", help="最少样品数的标准与条款。")
    ] = "",
    value: Annotated[
        str, typer.Option(metavar="值", help="standard、study 的基线值，如 1.0 mg/L。")
    ] = "",
    low: Annotated[str, typer.Option(metavar="值", help="range 的下限。")] = "",
    high: Annotated[str, typer.Option(metavar="值", help="range 的上限。")] = "",
    basis: Annotated[str, typer.Option(metavar="出处", help="基线值的出处。")] = "",
    unavailable: Annotated[
        list[str] | None,
        typer.Option(metavar="来源=原因", help="没有更优先的基线的原因，可多次给出。"),
    ] = None,
    observed: Annotated[
        str, typer.Option(metavar="统计量", help="受影响区的值：mean、median 或 worst。")
    ] = "mean",
    test: Annotated[
        str, typer.Option(metavar="检验", help="auto（按规则）、t、welch 或 mann-whitney。")
    ] = "auto",
    logarithm: Annotated[bool, typer.Option("--logarithm", help="取对数后比较。")] = False,
    threshold: Annotated[str, typer.Option(metavar="阈值", help="专家确定的阈值，如 30 %。")] = "",
    overrule: Annotated[
        list[str] | None,
        typer.Option(metavar="名称=理由", help="threshold、test、minimum 的理由，可多次给出。"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="覆盖已有的文件。")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象。")] = False,
) -> None:
    """Confirm damage by the samples of a file."""
    from ..errors import InputError
    from ..valuation.sample_files import confirm_file, confirm_samples, options

    settings = {
        "indicator_kind": indicator_kind,
        "direction": direction,
        "non_detects": non_detects,
        "statistic": observed,
        "test": test,
        "logarithm": logarithm,
        "threshold": threshold or None,
        "overrule": _reasons(overrule or [], "--overrule"),
        "baseline": {
            "from": kind,
            "statistic": statistic,
            "statistic_basis": statistic_basis,
            "confidence": confidence,
            "method": method,
            "share": share,
            "minimum": minimum,
            "minimum_basis": minimum_basis,
            "value": value or None,
            "low": low or None,
            "high": high or None,
            "basis": basis,
            "unavailable": _reasons(unavailable or [], "--unavailable"),
        },
    }
    if samples.suffix.lower() == ".toml":
        if any(
            (on, place, kind, indicator_kind, direction, non_detects, statistic, value, low, high)
        ):
            raise InputError("TOML 文件自带选项，命令行上不再给出", where=str(samples))
        made = confirm_file(samples)
    else:
        needed = {"--on": on, "--in": place, "--from": kind}
        needed |= {"--indicator-kind": indicator_kind, "--direction": direction}
        if missing := [name for name, given in needed.items() if not given]:
            raise InputError(
                f"缺少选项 {'、'.join(missing)}",
                where=str(samples),
                hint="指标各有选项的，写成 TOML，见 docs/baseline.md。",
            )
        made = confirm_samples(samples, options(settings), on=on, place=place)
    if output is not None:
        from ..report import write_confirmation

        written = write_confirmation(made, output, force=force)
    if as_json:
        import json

        typer.echo(json.dumps(made.as_dict(), ensure_ascii=False, indent=2))
        return
    typer.echo(str(made) if output is None else made.sentence)
    if output is not None:
        typer.echo(f"已写 {written}")


def _reasons(given: list[str], where: str) -> dict[str, str]:
    from ..errors import InputError

    reasons = {}
    for text in given:
        name, sign, why = text.partition("=")
        if not sign or not why.strip():
            raise InputError("应写作 名称=理由", where=where, got=text)
        reasons[name.strip()] = why.strip()
    return reasons
