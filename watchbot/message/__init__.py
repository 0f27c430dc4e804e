"""The words of watchbot: an alert as a card, as Telegram HTML and as lines; round-ups, notices, replies. Pure."""
