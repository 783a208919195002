"""The body as numbers: landmarks, trunk frame, outline, the sagittal figure."""
