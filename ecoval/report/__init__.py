"""What leaves the house: the opinion in Word, HTML, PDF and JSON."""

from .confirmation import write_confirmation as write_confirmation
from .writing import Written as Written
from .writing import write_opinion as write_opinion
