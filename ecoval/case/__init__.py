"""A whole case: its file, its assessment, eligibility and panel."""

from .assessment import AssessedItem as AssessedItem
from .assessment import Assessment as Assessment
from .assessment import assess as assess
from .dates import Dates as Dates
from .deadlines import Deadline as Deadline
from .deadlines import Deadlines as Deadlines
from .deadlines import deadlines_of as deadlines_of
from .eligibility import Eligibility as Eligibility
from .entries import Expert as Expert
from .entries import ItemEntry as ItemEntry
from .model import Case as Case
