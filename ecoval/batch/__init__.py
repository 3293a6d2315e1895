"""Sheets of cases valued again: forms, reading, running, results."""
