"""Task payloads to the flat frame, and the frame to files and back; pure, no network.

`flatten` makes the frame, `per_task` and `per_file` change its grain, `save` and `load` keep it as
a snapshot, `anonymise` makes it fit to be handed on. `Flattener` builds it piece by piece.
"""

from scandoc_analytics.frame.flattening import Flattener, flatten
from scandoc_analytics.frame.grain import per_file, per_task
from scandoc_analytics.frame.pseudonyms import anonymise
from scandoc_analytics.frame.snapshot import load, save

__all__ = ["Flattener", "anonymise", "flatten", "load", "per_file", "per_task", "save"]
