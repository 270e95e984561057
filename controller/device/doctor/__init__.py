"""What `locker doctor` looks at: every part of a locker, whether it runs or not. Nothing here moves anything."""
