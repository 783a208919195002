"""Shared by several tests: clips, verdicts, records and stand-ins."""
