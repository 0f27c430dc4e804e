"""From documents to queued alerts, the use cases behind the bot, and the same path without writing (explain)."""
