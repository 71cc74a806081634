"""Imported by the command line and the fork server before all other modules: how often they look for circles.

What they load stays, and what a worker makes is trees, not circles: looking for those cost a build 6 % of its
CPU time, and each start a twentieth.
"""

import gc

gc.set_threshold(50_000, 20, 20)
