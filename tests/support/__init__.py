"""What several tests share: clips, verdicts, records and stand-ins made for them."""
