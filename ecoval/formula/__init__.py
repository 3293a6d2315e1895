"""Formulas: one Python function is the number, the column and every printed form."""

from .excel import excel as excel
from .latex import latex as latex
from .layout import lay_out as lay_out
from .mathml import mathml as mathml
from .omml import omml as omml
from .operations import exp as exp
from .operations import highest as highest
from .operations import largest as largest
from .operations import log as log
from .operations import per_year as per_year
from .operations import smallest as smallest
from .operations import step as step
from .operations import total as total
from .operations import where as where
from .operations import years as years
from .text import text as text
from .trace import Formula as Formula
from .trace import trace as trace
