"""The audit workbook: every figure of a case as a live formula that Excel recalculates."""

from __future__ import annotations

from .reading_back import carried as carried
from .writing import write_audit as write_audit
