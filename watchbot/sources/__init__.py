"""Where news comes from: fetched feeds and dropped files, and the worker process that reads them."""
