"""The `locker` command."""
