"""What a live session shows: characters drawn large enough to be read from three metres."""
