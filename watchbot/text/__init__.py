"""Words and characters: folding with offsets back, word lists, nearness. Knows nothing of companies."""
