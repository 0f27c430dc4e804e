"""Telegram updates in: a durable poller and thin handlers (parse -> use case -> words)."""
