"""A stand-in of the Scan Documents API on this machine: made-up accounts over real HTTP.

It needs the extra ``sandbox``, which is asked for when a sandbox is started, not when this package
is imported. No other part of the library knows of it: for them it is one more `base_url`.
"""

from scandoc_analytics.sandbox.faults import Faults, RateLimit
from scandoc_analytics.sandbox.handle import Sandbox

__all__ = ["Faults", "RateLimit", "Sandbox"]
