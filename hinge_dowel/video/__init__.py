"""Clips as upright pictures with true times."""
