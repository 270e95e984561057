"""Records on disk: chained, signed, committed once, read back and verified."""
