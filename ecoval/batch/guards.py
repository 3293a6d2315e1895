"""Look at a file before it is read: what it really is, whether it may be opened, what it would unpack to."""

from __future__ import annotations

import zipfile
from pathlib import Path

from ..errors import InputError, OutputError, reason

# A sheet of a million rows and fifty columns unpacks to about 3 GB; cells compress up to a hundred
# times, a bomb a thousand times.
_LARGEST = 8 << 30
_LARGEST_TEXTS = 1 << 30
_SUSPICIOUS = 64 << 20
_TIGHTEST = 250
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

READ = (".xlsx", ".xlsm", ".csv", ".parquet")
_OTHERS = {
    ".xls": "旧版 Excel 格式，单元格的错误值读不出来",
    ".xlsb": "二进制工作簿",
    ".ods": "OpenDocument 表格",
    ".et": "WPS 表格格式",
    ".numbers": "Numbers 文稿",
}


def check_file(path: Path) -> None:
    """Make sure that *path* is a file of a kind that can be read.

    Raises
    ------
    InputError
        It is missing, a folder, locked, empty, encrypted, or of another kind; the message says
        which, and what would do.
    """
    where = str(path)
    try:
        with path.open("rb") as held:
            start = held.read(8)
            rest = held.read(1 << 20) if start == _OLE else b""
    except OSError as error:
        hint = (
            "若正在 Excel 或 WPS 中打开，请先关闭。" if isinstance(error, PermissionError) else ""
        )
        raise InputError(f"打不开文件（{reason(error)}）", where=where, hint=hint) from None
    kind = path.suffix.lower()
    if start == _OLE:
        if _ENCRYPTED in rest:
            raise InputError("工作簿有打开密码", where=where, hint="请在 Excel 中取消密码后再交。")
        raise InputError(
            f"这是{_OTHERS['.xls']}", where=where, hint="请在 Excel 或 WPS 中另存为 .xlsx。"
        )
    if kind in _OTHERS:
        raise InputError(f"这是{_OTHERS[kind]}", where=where, hint="请另存为 .xlsx。")
    if kind not in READ:
        raise InputError(
            "不认识的文件类型",
            where=where,
            got=kind or "没有扩展名",
            hint="可读 .xlsx、.xlsm、.csv、.parquet。",
        )
    if not start:
        raise InputError("文件是空的（0 字节）", where=where)


def open_package(path: Path) -> zipfile.ZipFile:
    """Return the package of the workbook *path*, once its sizes have been looked at.

    Raises
    ------
    InputError
        It is not a whole zip, or would unpack to more than a workbook can have.
    """
    where = str(path)
    try:
        package = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise InputError(
            "不是完整的 Excel 工作簿（压缩包损坏）",
            where=where,
            hint="请重新下载或从原件另存一份。",
        ) from error
    total = 0
    for part in package.infolist():
        total += part.file_size
        ratio = part.file_size / max(part.compress_size, 1)
        limit = _LARGEST_TEXTS if part.filename.endswith("sharedStrings.xml") else _LARGEST
        if (
            total > _LARGEST
            or part.file_size > limit
            or (part.file_size > _SUSPICIOUS and ratio > _TIGHTEST)
        ):
            package.close()
            raise InputError(
                "解压后过大，疑为压缩炸弹，未解压",
                where=f"{where} {part.filename}",
                got=f"压缩后 {part.compress_size:,} 字节，声明解压后 {part.file_size:,} 字节",
                hint="若确是正常的工作簿，请拆分后再交。",
            )
    return package


def is_open_elsewhere(path: Path) -> bool:
    """Tell whether Excel or LibreOffice left its mark of an open book beside *path*."""
    return any((path.parent / name).exists() for name in (f"~${path.name}", f".~lock.{path.name}#"))


def check_target(path: Path, *, force: bool) -> None:
    """Make sure that *path* can be written.

    Raises
    ------
    OutputError
        The folder is missing, a file is there already, or it is open in Excel.
    """
    if not path.parent.is_dir():
        raise OutputError("文件夹不存在", where=str(path.parent))
    if path.is_dir():
        raise OutputError("这是一个文件夹", where=str(path))
    if is_open_elsewhere(path):
        raise OutputError("该文件正在 Excel 或 WPS 中打开", where=str(path), hint="请先关闭。")
    if path.exists() and not force:
        raise OutputError("文件已存在", where=str(path), hint="要覆盖，请加 --force。")
