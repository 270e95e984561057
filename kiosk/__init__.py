"""The touchscreen: asks the engine and shows what it answers. Cannot open a door by itself."""
