"""What holds for every test: how Hypothesis searches.

Two shared cores are no place for a limit on the time of one example. In CI the same examples run every time, so that a
red run can be repeated; at a desk they are drawn anew, so that more of the space is seen.
"""

import os

from hypothesis import settings

settings.register_profile("repeatable", deadline=None, derandomize=True, database=None)
settings.register_profile("searching", deadline=None, print_blob=True)
settings.load_profile("repeatable" if "CI" in os.environ else "searching")
