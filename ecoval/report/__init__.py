"""What leaves the house: the opinion in Word, HTML, PDF and JSON."""

from .writing import Written as Written
from .writing import write_opinion as write_opinion
