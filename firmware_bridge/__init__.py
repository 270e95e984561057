"""Pins and bytes: lock boards, door sensors and the simulated cabinet. Knows nothing of parcels."""
