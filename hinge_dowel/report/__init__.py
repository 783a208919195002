"""Verdicts for people: terminal, pictures, films, a page; and as files."""
