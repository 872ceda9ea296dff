"""Calendars as RFC 5545 has them: read into a case, and a case with its verdicts written out."""
