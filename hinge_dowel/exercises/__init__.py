"""The exercises: what is taught, and in which words."""
