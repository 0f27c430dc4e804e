"""From text to matches: one index over all watches, and the rules every hit must pass."""
