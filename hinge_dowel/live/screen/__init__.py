"""The screen of a live session: characters drawn large enough to be read from three metres."""
