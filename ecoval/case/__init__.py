"""A whole case: its file, its assessment, eligibility and panel."""

from .assessment import AssessedItem as AssessedItem
from .assessment import Assessment as Assessment
from .assessment import assess as assess
from .eligibility import Eligibility as Eligibility
from .model import Case as Case
from .model import Expert as Expert
from .model import ItemEntry as ItemEntry
