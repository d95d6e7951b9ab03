"""Dates and times told in Hindi and English text, resolved to EDTF with their provenance."""

from services.enricher.dates.find import find

__all__ = ["find"]
