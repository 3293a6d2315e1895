"""Methods of valuing, and the items they yield."""

from .definition import Method as Method
from .definition import method as method
from .inputs import Given as Given
from .inputs import given as given
from .item import Item as Item
from .registry import families as families
from .registry import methods as methods
