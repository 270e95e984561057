"""The locker: one journal that is state, audit log, outbox and evidence at once."""
