"""The wire: records, commands, keys, topics and schemas. Shared by both ends of the broker."""
