"""The daemon: one event loop with the scheduler, the feed and folder watchers, the couriers and the bot."""
