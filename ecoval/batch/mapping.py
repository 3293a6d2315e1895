"""The file that says what the columns of an office's own sheets are."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, field_validator

from ..reading import Model, read_model


class ColumnMap(Model):
    """Where a field comes from: a *column* by its header or its letters, or one *value* for all rows.

    *unit* is the unit of the column's numbers, *unit_column* the column that names it row by row.
    """

    column: str = ""
    unit: str | None = None
    unit_column: str = ""
    value: str | float | None = None


class SheetMap(Model):
    """What one sheet is: its *method*, the row of its last header, and its columns by field."""

    name: str
    method: str = ""
    header: int | None = Field(default=None, ge=1)
    columns: dict[str, ColumnMap] = Field(default_factory=dict)

    @field_validator("columns", mode="before")
    @classmethod
    def _short(cls, given: object) -> object:
        """Let ``discharge = "排放量"`` stand for a column without more to say."""
        if not isinstance(given, dict):
            return given
        return {
            name: {"column": each} if isinstance(each, str) else each
            for name, each in given.items()
        }


class Mapping(Model):
    """The sheets that are mapped; the others are read by their own headers."""

    sheets: tuple[SheetMap, ...] = Field(alias="sheet", default=())

    def of(self, name: str) -> SheetMap | None:
        """Return what is said of the sheet *name*."""
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


def read_mapping(path: Path) -> Mapping:
    """Return the mapping in the TOML file *path*.

    Raises
    ------
    InputError, ContentError
        A key is unknown or of the wrong kind, with its line; the file is missing or broken.
    """
    return read_model(path, Mapping)
