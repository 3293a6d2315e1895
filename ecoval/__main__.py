"""``python -m ecoval`` is the command ``ecoval``."""

from .cli import main

if __name__ == "__main__":
    main()
