"""Views of verdicts: terminal, pictures, films, a page, and files."""
