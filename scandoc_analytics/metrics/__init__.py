"""One small pure function per number: a flat frame of any engine in, a small pandas table out."""

from scandoc_analytics.metrics.durations import duration_summary, slowest
from scandoc_analytics.metrics.failures import failure_rate, failure_reasons
from scandoc_analytics.metrics.flow import backlog, throughput
from scandoc_analytics.metrics.lineage import lineage, trace
from scandoc_analytics.metrics.parameters import parameter_effect
from scandoc_analytics.metrics.size_change import size_change
from scandoc_analytics.metrics.sizes import largest, size_summary
from scandoc_analytics.metrics.status import coverage, status_mix

__all__ = [
    "backlog",
    "coverage",
    "duration_summary",
    "failure_rate",
    "failure_reasons",
    "largest",
    "lineage",
    "parameter_effect",
    "size_change",
    "size_summary",
    "slowest",
    "status_mix",
    "throughput",
    "trace",
]
