"""The exercises: catalogue, recognition, ladder, and words."""

AUTO = "auto"
"""In place of an exercise's name: tell it from what is seen."""
