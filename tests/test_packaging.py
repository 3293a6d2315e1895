"""The wheel: it has every file of the checkout that it should, and works away from it."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CONTENT = ("methods", "data", "templates")


def _version(package: str) -> tuple[int, ...]:
    try:
        found = importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ()
    return tuple(int(part) for part in found.split(".")[:2] if part.isdigit())


def _why_not() -> str:
    """Return what is missing for a build, an empty text where nothing is."""
    if not _version("build"):
        return "build is not installed"
    if _version("setuptools") < (68,):
        return f"setuptools >= 68 is not installed (found {_version('setuptools')})"
    if _version("setuptools") < (70, 1) and not _version("wheel"):
        return "wheel is not installed"
    return ""


def _tracked() -> list[str]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    command = ["git", "ls-files", "-z"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, encoding="utf-8")
    return [name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel built from a clean copy of what git tracks, unpacked."""
    if why := _why_not():
        pytest.skip(why)
    directory = tmp_path_factory.mktemp("wheel")
    copy = directory / "copy"
    for name in _tracked():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, copy / name)
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(directory),
    ]
    done = subprocess.run([*command, str(copy)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    (wheel,) = directory.glob("*.whl")
    with zipfile.ZipFile(wheel) as held:
        held.extractall(directory / "unpacked")
    return directory / "unpacked"


def _run(script: str, path: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(path), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", script]
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, check=False, encoding="utf-8"
    )


def test_the_wheel_has_what_git_tracks_and_nothing_else(unpacked: Path) -> None:
    expected = set()
    for name in _tracked():
        top = name.partition("/")[0]
        if top == "ecoval":
            expected.add(name)
        elif top in CONTENT:
            expected.add(f"ecoval/{name}")
        elif name.startswith("tests/cases/"):
            expected.add(f"ecoval/{name.removeprefix('tests/')}")
    packed = {
        path.relative_to(unpacked).as_posix()
        for path in unpacked.rglob("*")
        if path.is_file() and ".dist-info" not in path.parts[len(unpacked.parts)]
    }
    assert packed == expected


def test_the_wheel_installs_nothing_beside_the_package(unpacked: Path) -> None:
    tops = {path.name for path in unpacked.iterdir() if not path.name.endswith(".dist-info")}
    assert tops == {"ecoval"}


def test_the_wheel_has_the_command_and_the_licence(unpacked: Path) -> None:
    (held,) = unpacked.glob("*.dist-info")
    assert "ecoval = ecoval.__main__:main" in (held / "entry_points.txt").read_text(
        encoding="utf-8"
    )
    assert list(held.rglob("LICENSE"))


def test_content_is_found_away_from_the_checkout(unpacked: Path, tmp_path: Path) -> None:
    script = (
        "from ecoval.content import folder\n"
        "for kind in ('methods', 'data', 'templates'): print(folder(kind))\n"
    )
    done = _run(script, unpacked, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(unpacked / "ecoval" / kind) for kind in CONTENT]


def test_a_figure_is_computed_away_from_the_checkout(unpacked: Path, tmp_path: Path) -> None:
    script = (
        "from ecoval import water\n"
        "print(water.virtual_treatment(discharge='500 t', unit_cost='8.3 元/t', hazard=1.5,"
        " exceedance=1.25, function=2, on='2024-06-01', jurisdiction='330700').amount)\n"
    )
    # 500 × 8.3 × 1.5 × 1.25 × 2 = 15,562.50
    done = _run(script, unpacked, tmp_path)
    assert done.stdout.strip() == "15562.50", done.stderr


def test_show_has_its_golden_cases_away_from_the_checkout(unpacked: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(unpacked), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "ecoval", "show", "water-virtual-treatment"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, check=True, encoding="utf-8"
    )
    assert "验证  15563 元" in done.stdout


@pytest.mark.parametrize("kind", CONTENT)
def test_missing_content_is_said_in_chinese(kind: str, tmp_path: Path) -> None:
    # A broken installation: the package alone, without its content and without a checkout beside it.
    shutil.copytree(
        ROOT / "ecoval", tmp_path / "ecoval", ignore=shutil.ignore_patterns("__pycache__", *CONTENT)
    )
    script = (
        "from ecoval.content import folder\n"
        "from ecoval.errors import ContentError\n"
        f"try:\n    folder('{kind}')\nexcept ContentError as error:\n    print(error)\n"
    )
    done = _run(script, tmp_path, tmp_path)
    assert f"找不到 {kind} 文件夹" in done.stdout and "安装不完整" in done.stdout
    assert str(tmp_path / "ecoval") in done.stdout


def test_content_beside_a_package_that_is_no_checkout_is_not_taken(tmp_path: Path) -> None:
    shutil.copytree(
        ROOT / "ecoval", tmp_path / "ecoval", ignore=shutil.ignore_patterns("__pycache__")
    )
    (tmp_path / "methods").mkdir()
    script = "from ecoval.content import folder\nfolder('methods')\n"
    done = _run(script, tmp_path, tmp_path)
    assert done.returncode == 1 and "找不到 methods 文件夹" in done.stderr
