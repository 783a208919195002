"""Sessions kept by this user, and how they are shown."""
