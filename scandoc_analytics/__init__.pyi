# The public surface: every name that users type after `import scandoc_analytics as sda`.
from . import plot as plot
from .client import Client as Client
from .client import Task as Task
from .client import fetch_tasks as fetch_tasks
from .client import list_tasks as list_tasks
from .client import task as task
from .errors import AuthenticationError as AuthenticationError
from .errors import CacheError as CacheError
from .errors import CacheWarning as CacheWarning
from .errors import ConfigError as ConfigError
from .errors import FetchError as FetchError
from .errors import FetchWarning as FetchWarning
from .errors import InvalidRequestError as InvalidRequestError
from .errors import MissingExtraError as MissingExtraError
from .errors import NetworkError as NetworkError
from .errors import NotFoundError as NotFoundError
from .errors import PayloadError as PayloadError
from .errors import RateLimitError as RateLimitError
from .errors import ScandocError as ScandocError
from .errors import ServiceError as ServiceError
from .errors import SubscriptionError as SubscriptionError
from .frame import flatten as flatten
from .frame import load as load
from .frame import per_file as per_file
from .frame import per_task as per_task
from .frame import save as save
from .metrics import coverage as coverage
from .metrics import size_summary as size_summary
from .metrics import status_mix as status_mix
from .sandbox import Sandbox as Sandbox

__version__: str
