"""The exercises: catalogue, recognition, ladder, and words."""
