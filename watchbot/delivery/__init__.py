"""Deliveries on their way out: the courier's loop, Telegram and the terminal as senders, the limiter."""
