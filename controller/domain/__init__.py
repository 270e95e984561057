"""Pure rules: from a state and an input to events, and from an event to the next state. No clock, no chance, no I/O."""
