"""The user's stored sessions, and views of them."""
