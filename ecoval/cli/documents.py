"""``opinion``, ``check``, ``new``: from a case file to the documents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .app import app
from .chinese import ChineseCommand, ChineseGroup

if TYPE_CHECKING:
    from ..case import Assessment, Case

CaseFile = Annotated[Path, typer.Argument(metavar="案件文件", help="TOML 或 JSON 案件文件。")]
Scores = Annotated[
    Path | None,
    typer.Option(
        "--scores", metavar="文件", help="各专家填好的因素评分表（ecoval factors 所写）。"
    ),
]
Force = Annotated[bool, typer.Option("--force", help="覆盖已有的文件。")]

_NAMES = "opinion 专家意见、report 鉴定评估报告、determination 综合认定、settlement 磋商方案、score-sheet 打分表"
_STOPPED = "有 {0} 项须处理，没有出具专家意见；处理后重新运行，或加 --draft 出草稿。"


@app.command(cls=ChineseCommand, help="由案件文件计算并出具专家意见（Word、HTML、PDF、JSON）。")
def opinion(
    case: CaseFile,
    out: Annotated[Path, typer.Option(metavar="文件夹", help="写到哪个文件夹。")] = Path("out"),
    lang: Annotated[str, typer.Option(metavar="语言", help="文书语言：zh 或 en。")] = "zh",
    force: Force = False,
    draft: Annotated[bool, typer.Option("--draft", help="有须处理的事项时也写出草稿。")] = False,
    final: Annotated[
        bool, typer.Option("--final", help="出具正式文书：有一处待补或待核实即不出具。")
    ] = False,
    pdf: Annotated[bool, typer.Option(help="是否经 LibreOffice 生成 PDF。")] = True,
    template: Annotated[
        str, typer.Option(metavar="模板", help=f"模板名称（{_NAMES}）或 Word 文件。")
    ] = "opinion",
    scores: Scores = None,
) -> None:
    """Write the opinion on a case, or another document of it."""
    if lang not in ("zh", "en"):
        raise typer.BadParameter("只有 zh 和 en", param_hint="--lang")
    from ..case import Case
    from ..report import write_opinion

    assessment = scored(Case.read(case), scores).assess()
    if assessment.stops and not draft:
        _print_findings(assessment)
        typer.echo(_STOPPED.format(len(assessment.stops)), err=True)
        raise typer.Exit(1)
    written = write_opinion(
        assessment,
        out,
        name=_named(case.stem, template, lang),
        force=force,
        pdf=pdf,
        draft=draft,
        final=final,
        template=template,
        language="en" if lang == "en" else "zh",
    )
    _print_summary(assessment)
    for document in written:
        if document.path is not None:
            typer.echo(f"已写 {document.path}")
        else:
            typer.echo(f"未写 {document.kind}：{document.reason}")


def scored(case: Case, scores: Path | None) -> Case:
    """Return *case* with the factor sheet of the form *scores*, if one is given."""
    if scores is None:
        return case
    from ..report.factor_form import with_scores

    return with_scores(case, scores)


def _named(case: str, template: str, lang: str) -> str:
    """Return how the documents of *case* are called: another kind, another language, its own name."""
    from ..report.choosing import choose

    kind = choose(template).name if not template.lower().endswith(".docx") else "opinion"
    return "-".join(
        [case, *([kind] if kind != "opinion" else []), *([lang] if lang != "zh" else [])]
    )


@app.command(cls=ChineseCommand, help="检查案件文件：读得通吗，算得出吗，有什么要注意。")
def check(case: CaseFile) -> None:
    """Say what is missing and what is to be noted in a case."""
    from ..case import Case

    assessment = Case.read(case).assess()
    _print_summary(assessment)
    if assessment.performance is not None:
        from .settling import print_punitive

        print_punitive(assessment.performance)
    _print_findings(assessment)
    for point in assessment.open_points:
        typer.echo(f"待补  {point}")
    if assessment.stops:
        raise typer.Exit(1)


@app.command(cls=ChineseCommand, help="写出核算工作簿：每个数值都是可重算的 Excel 公式。")
def audit(
    case: CaseFile,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="文件", help="写到哪个 .xlsx 文件。")
    ] = Path("audit.xlsx"),
    force: Force = False,
) -> None:
    """Write the audit workbook of a case."""
    from ..audit import write_audit
    from ..case import Case

    assessment = Case.read(case).assess()
    typer.echo(f"已写 {write_audit(assessment, output, force=force)}")
    typer.echo(f"校验码 {assessment.fingerprint}")


@app.command(cls=ChineseCommand, help="复核文书：取出案卷重算，逐字比较所印的文字和数值。")
def verify(
    document: Annotated[
        Path, typer.Argument(metavar="文书", help="docx、html、pdf、xlsx 或 json 文件。")
    ],
    template: Annotated[
        str, typer.Option(metavar="模板", help="文书所用的自备模板，文书写明的找不到时用。")
    ] = "",
    public_key: Annotated[
        Path | None, typer.Option("--key", "--public-key", metavar="公钥", help="同时核对签名。")
    ] = None,
) -> None:
    """Check a document against the case it carries."""
    from ..verify import verify as check_document

    found = check_document(document, template=template or None, public_key=public_key)
    typer.echo(str(found))
    if not found.is_good:
        raise typer.Exit(1)


@app.command(cls=ChineseCommand, help="以私钥签署文书中的案卷和校验码，签名写在文书旁（.sig）。")
def sign(
    document: Annotated[
        Path, typer.Argument(metavar="文书", help="docx、html、pdf 或 json 文件。")
    ],
    key: Annotated[Path, typer.Option("--key", metavar="私钥", help="Ed25519 私钥（PEM）。")],
    password: Annotated[
        str,
        typer.Option(metavar="口令", help="私钥的口令。", envvar="ECOVAL_KEY_PASSWORD"),
    ] = "",
    force: Force = False,
) -> None:
    """Sign what a document carries."""
    from ..verify import sign as sign_document

    typer.echo(f"已写 {sign_document(document, key, password=password, force=force)}")


new = typer.Typer(cls=ChineseGroup, help="新建案件文件。", no_args_is_help=True)
app.add_typer(new, name="new")


@new.callback()
def _new() -> None:
    pass


@new.command(cls=ChineseCommand, help="新建简易评估的案件文件，按当地规定列出要填的内容。")
def quick(
    place: Annotated[str, typer.Option("--in", metavar="地点", help="行政区划代码或名称。")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="文件", help="写到哪个文件。")],
    on: Annotated[
        str, typer.Option("--on", metavar="日期", help="损害发生之日，如 2024-06-01。")
    ] = "",
    force: Force = False,
) -> None:
    """Write a new case file for a quick assessment."""
    from ..report.casefile import write_quick_case

    write_quick_case(output, place=place, on=on, force=force)
    typer.echo(f"已写 {output}；填好后运行：ecoval check {output}")


def _print_summary(assessment: Assessment) -> None:
    from rich.console import Console
    from rich.table import Table

    from ..money import capitals, printed

    table = Table(title=assessment.case.title)
    for title in ("科目", "项目", "方法"):
        table.add_column(title, overflow="fold")
    table.add_column("金额（元）", justify="right", no_wrap=True)
    for row in assessment.rows():
        table.add_row(*row)
    table.add_section()
    table.add_row("合计", "", "", printed(assessment.total))
    console = Console()
    console.print(table)
    console.print(capitals(assessment.total))
    if assessment.eligibility is not None:
        console.print(assessment.eligibility.sentence)
    if assessment.open_points:
        console.print(f"待补 {len(assessment.open_points)} 处，已列于文书附件。")
    console.print(f"校验码 {assessment.fingerprint}")


def _print_findings(assessment: Assessment) -> None:
    for finding in assessment.findings:
        typer.echo(str(finding))
