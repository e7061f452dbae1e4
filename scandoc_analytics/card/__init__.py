"""The task card: what happened to one task, as a compact page part or as plain text."""

from scandoc_analytics.card.facts import MARKS, Neighbour
from scandoc_analytics.card.markup import card_html
from scandoc_analytics.card.text import card_text

__all__ = ["MARKS", "Neighbour", "card_html", "card_text"]
