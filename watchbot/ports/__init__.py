"""The Protocols that the pipeline needs from the outside, and the one helper that runs work in a thread."""
