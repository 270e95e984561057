"""Vendor protocols as pure functions: frames in, frames out, no I/O."""
