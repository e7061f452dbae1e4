"""The Scan Documents API's tasks as a pandas DataFrame: fetched once, measured, drawn, looked up.

The public names stand in ``__init__.pyi``, beside the module that each lives in. They are loaded
when they are first used, so that importing this package costs little more than importing pandas.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__version__ = "0.1.0"
