"""The nouns of watchbot: frozen dataclasses, enums and the error tree. Imports nothing of watchbot."""
