"""What a comprehensive determination (综合认定) prints of the department that makes it."""

from __future__ import annotations

from ..case.assessment import Assessment
from .catalogue import in_language
from .choosing import Language

_OFFICERS = ("承办人", "审核人", "批准人")


def claimants(assessment: Assessment, language: Language = "zh") -> list[str]:
    """Return the names of the departments that claim, and determine, in this case."""
    return [
        party.name for party in assessment.case.parties if party.role == "claimant" and party.name
    ]


def officers(assessment: Assessment, language: Language = "zh") -> list[str]:
    """Return who signs for the department, by duty."""
    return [in_language(duty, language) for duty in _OFFICERS]
