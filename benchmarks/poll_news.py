"""Invented news for bench_poll: feeds of 20 items in English, Chinese and Japanese, the same for the same seed.

    Newsroom(seed, companies).item(language) -> Story(title, html, names a watched company?)

One item in twenty names one of the companies, in the title and in the text, as newsrooms of that language write it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.poll_words import WORDS
from watchbot.catalogue import Company, load

ONE_IN = 20
WATCHED = 400
LANGUAGES = ("en", "en", "en", "en", "en", "en", "en", "zh-TW", "zh-TW", "ja")


@dataclass(frozen=True, slots=True)
class Story:
    """One item before it becomes XML; `watched` says that it names a watched company."""

    title: str
    html: str
    watched: bool


def watched_companies(count: int = WATCHED) -> list[Company]:
    """Companies of the catalogue that a watchlist can name without doubt, spread over it by a fixed seed."""
    catalogue = load(())
    sure = [
        company
        for company in catalogue.companies()
        if company.curated
        and company.name in company.safe_names()
        and (found := catalogue.resolve(company.name)) is not None
        and found.id == company.id
    ]
    return Random(11).sample(sure, min(count, len(sure)))


class Newsroom:
    """Writes one item after the other."""

    def __init__(self, seed: int, companies: Sequence[Company]) -> None:
        """`companies` are the watched ones."""
        self._random = Random(seed)
        self._companies = companies

    def item(self, language: str) -> Story:
        """A headline and a teaser of some 200 to 600 characters in HTML."""
        random = self._random
        words = WORDS[language[:2]]
        watched = random.randrange(ONE_IN) == 0
        who = self._company(language) if watched else random.choice(words["who"])
        slots = {"who": who, "person": f"{random.choice(words['first'])}{random.choice(words['last'])}"}
        title = self._say(random.choice(words["titles"]), words, slots)
        sentences = [self._say(one, words, slots) for one in random.sample(words["texts"], random.choice((2, 3, 3, 4)))]
        if watched:
            sentences[0] = self._say(words["lead"][0], words, slots)
        return Story(title, self._html(sentences), watched)

    def article(self, language: str, story: Story) -> str:
        """The whole article behind a teaser: some 1,500 to 3,500 characters more."""
        random = self._random
        words = WORDS[language[:2]]
        slots = {"who": random.choice(words["who"]), "person": f"{random.choice(words['first'])}"}
        parts = [story.html]
        for number in range(random.choice((4, 6, 8))):
            sentences = [self._say(one, words, slots) for one in random.sample(words["texts"], 3)]
            parts.append((f"<h2>{sentences[0][:60]}</h2>" if number % 3 == 2 else "") + self._html(sentences))
        return "".join(parts)

    def _company(self, language: str) -> str:
        company = self._random.choice(self._companies)
        safe = set(company.safe_names())
        named = company.display(language)
        return named if named in safe else company.name

    def _say(self, template: str, words: dict[str, list[str]], slots: dict[str, str]) -> str:
        random = self._random
        return template.format(
            **slots,
            place=random.choice(words["place"]),
            thing=random.choice(words["thing"]),
            does=random.choice(words["does"]),
            why=random.choice(words["why"]),
            day=random.choice(words["day"]),
            n=random.randrange(2, 98),
            big=f"{random.randrange(1, 90)},{random.randrange(100, 999)}",
            year=random.randrange(2019, 2033),
        )

    def _html(self, sentences: list[str]) -> str:
        """As feeds carry it: paragraphs, now and then a picture, a link or an entity."""
        random = self._random
        picture = f'<img src="https://img.example/{random.randrange(10**8)}.jpg" alt="" width="640" height="360"/>'
        head, *rest = sentences
        more = f'<a href="https://news.example/topic/{random.randrange(900)}">{rest.pop()}</a>' if rest else ""
        parts = [picture if random.random() < 0.3 else "", f"<p>{head}&nbsp;<em>{more}</em></p>"]
        parts += [f"<p>{one}</p>" for one in rest]
        return "".join(parts)
