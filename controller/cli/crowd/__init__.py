"""Thousands of lockers in one process: what they say is real, the cabinets behind it are not."""
