"""All hostile feed documents."""

from tests.hostile.feeds_json import JSONS
from tests.hostile.feeds_markup import MARKUP
from tests.hostile.feeds_words import WORDS

FEEDS = (*MARKUP, *WORDS, *JSONS)
