"""Imported by the fork server before all other modules: how often it and its workers look for circles of objects.

What the server loads stays, and what a worker makes is trees, not circles: looking for those cost a build 6 % of its
CPU time, and the server a twentieth of its start.
"""

import gc

gc.set_threshold(50_000, 20, 20)
