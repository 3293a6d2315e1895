"""Help and usage errors of the command line in Chinese."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

# What typer raises for a misused command; typer does not export the class itself.
UsageError: Any = typer.BadParameter.__bases__[0]

_WORDS = (
    (r"Missing option (.*?)\.?$", r"缺少选项 \1"),
    (r"Missing argument (.*?)\.?$", r"缺少参数 \1"),
    (r"Missing command\.?", "缺少命令"),
    (r"No such option:? ?(\S+)", r"没有选项 \1"),
    (r"No such command (\S+)", r"没有命令 \1"),
    (r"Did you mean (.*?)\?", r"是否指 \1？"),
    (r"\(Possible options: (.*)\)", r"（可用：\1）"),
    (r"Got unexpected extra argument(\(s\)|s)? ", "多余的参数 "),
    (r"Invalid value for (.*?):", r"\1 取值有误："),
    (r"Invalid value:", "取值有误："),
    (r"Option (\S+) requires an argument\.?", r"选项 \1 后面要有值"),
)


def in_chinese(error: Any) -> str:
    """Return what a usage *error* says, in Chinese, and where the help is.

    A command called without anything has shown its help already, and there is nothing to add.
    """
    if type(error).__name__ == "NoArgsIsHelpError":
        return ""
    said = str(error.format_message())
    for words, translated in _WORDS:
        said = re.sub(words, translated, said)
    command = error.ctx.command_path if error.ctx is not None else "ecoval"
    said = said.rstrip(".")
    return f"用法有误：{said}{'' if said.endswith('？') else '。'}用法见 {command} --help。"


# How help names the type of a value that has no name of its own.
_TYPES = {
    "<bool>": "开关",
    "<path>": "路径",
    "<file>": "文件",
    "<directory>": "文件夹",
    "<str>": "文字",
    "<int>": "整数",
    "<float>": "数",
    "<list[str]>": "可写多个",
    "<list[path]>": "可写多个",
}


@contextmanager
def _readable(command: Any, ctx: Any) -> Iterator[None]:
    """While help is printed, keep [brackets] from being read as markup, and name types in Chinese."""
    from rich.markup import escape

    parameters = command.get_params(ctx)
    texts = [each for each in (command, *parameters, *getattr(command, "commands", {}).values())
             if getattr(each, "help", None)]  # fmt: skip
    kept = [(each, each.help) for each in texts]
    typed = [each for each in parameters if hasattr(each, "display_type_rich")]
    try:
        for each, said in kept:
            each.help = escape(said)
        for each in typed:
            each.display_type_rich = partial(_type_said, each.display_type_rich)
        yield
    finally:
        for each, said in kept:
            each.help = said
        for each in typed:
            del each.display_type_rich


def _type_said(own: Callable[[Any], str | None], ctx: Any) -> str | None:
    said = own(ctx)
    return _TYPES.get(said, said) if said is not None else None


class _Chinese:
    """Frames, the usage line and the help option in Chinese."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        try:
            from typer import rich_utils

            rich_utils.COMMANDS_PANEL_TITLE = "命令"
            rich_utils.OPTIONS_PANEL_TITLE = "选项"
            rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
            rich_utils.REQUIRED_LONG_STRING = "［必填］"
            rich_utils.DEFAULT_STRING = "［默认：{}］"
        except ImportError:
            super().format_help(ctx, formatter)  # type: ignore[misc]
            return
        with _readable(self, ctx):
            super().format_help(ctx, formatter)  # type: ignore[misc]

    def get_usage(self, ctx: Any) -> str:
        usage: str = super().get_usage(ctx)  # type: ignore[misc]
        return (
            usage.replace("Usage:", "用法：")
            .replace("[OPTIONS]", "[选项]")
            .replace("COMMAND [ARGS]...", "命令 [参数]...")
        )

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "显示本说明。"
        return option


class ChineseGroup(_Chinese, TyperGroup):
    """A group of commands with Chinese help."""


class ChineseCommand(_Chinese, TyperCommand):
    """A command with Chinese help."""
