"""Geometry of the body: landmarks, trunk frame, outline, masses, the sagittal figure."""
