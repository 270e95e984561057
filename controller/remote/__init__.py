"""What runs at the other end of the broker: the reference carrier."""
