"""``python -m ecoval`` is the command ``ecoval``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command; its version is said without reading the commands."""
    if sys.argv[1:] == ["--version"]:
        from .version import VERSION

        print(f"ecoval {VERSION}")
        return
    from .cli import main as run

    run()


if __name__ == "__main__":
    main()
