"""Commissioning: finding out, lock by lock, which door hangs on which channel, before anything is stored.

`draft` says what is known, `walk` goes from channel to channel, `learning` draws the conclusions, `result` writes them
down. Nothing but `hands` touches hardware.
"""
