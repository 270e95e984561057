"""What runs on the single-board computer: the engine and everything that feeds it."""
