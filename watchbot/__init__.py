"""watchbot: company-watch alerts from feeds and dropped pages, one per story, never lost."""

__version__ = "0.1.0"
