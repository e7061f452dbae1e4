"""The client: service, frame and card come together here, and nowhere else."""

from scandoc_analytics.client.client import Client
from scandoc_analytics.client.default import fetch_tasks, list_tasks, task
from scandoc_analytics.client.one_task import Task

__all__ = ["Client", "Task", "fetch_tasks", "list_tasks", "task"]
