"""Many lockers at once, as anyone sees them who may listen at the broker: nothing here can move a lock."""
