"""A whole case: its file, its assessment, eligibility and panel."""

from .assessment import AssessedItem as AssessedItem
from .assessment import Assessment as Assessment
from .assessment import assess as assess
from .eligibility import Eligibility as Eligibility
from .entries import Expert as Expert
from .entries import ItemEntry as ItemEntry
from .model import Case as Case
from .punitive import Punitive as Punitive
from .settled import Settlement as Settlement
