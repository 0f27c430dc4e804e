"""A shelf in memory: for `watchbot group` and for tests. Only the window is kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from heapq import nlargest

from typing_extensions import override

from watchbot.stories.shelf import ItemKey, Profile, Shelf, TitleOnShelf

MOST_COUNTED = 200_000
MOST_STORIES = 200_000
TIDY_EVERY = 5_000


class MemoryShelf(Shelf):
    """Implements the Shelf port on dictionaries."""

    def __init__(self, keep: timedelta = timedelta(hours=96)) -> None:
        """What nothing happened to for `keep` is forgotten."""
        self._keep = keep
        self._items = 0
        self._counts: dict[str, int] = {}
        self._postings: dict[str, dict[int, datetime]] = {}
        self._profiles: dict[int, Profile] = {}
        self._titles: dict[str, TitleOnShelf] = {}
        self._documents: dict[str, dict[int, datetime]] = {}
        self._why: dict[ItemKey, tuple[dict[str, object], datetime]] = {}
        self._last_story = 0
        self._newest: datetime | None = None
        self._until_tidy = TIDY_EVERY

    @override
    def items(self) -> int:
        return self._items

    @override
    def counts(self, terms: Sequence[str]) -> dict[str, int]:
        return {term: self._counts[term] for term in terms if term in self._counts}

    @override
    def count(self, terms: Sequence[str]) -> None:
        self._items += 1
        for term in terms:
            self._counts[term] = self._counts.get(term, 0) + 1
        if self._items >= MOST_COUNTED:
            self._items //= 2
            self._counts = {term: count // 2 for term, count in self._counts.items() if count > 1}

    @override
    def stories_with(self, terms: Sequence[str], since: datetime, limit: int) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for term in terms:
            young = ((at, story) for story, at in self._postings.get(term, {}).items() if at >= since)
            found[term] = [story for _, story in nlargest(limit, young)]
        return found

    @override
    def stories_of(self, document: str) -> list[int]:
        return list(self._documents.get(document, ()))

    @override
    def profiles(self, stories: Sequence[int]) -> dict[int, Profile]:
        return {story: self._profiles[story] for story in stories if story in self._profiles}

    @override
    def open(self, item: ItemKey, at: datetime) -> int:
        self._last_story += 1
        return self._last_story

    @override
    def join(self, story: int, item: ItemKey) -> None:
        pass

    @override
    def save(self, profile: Profile, terms: Sequence[str], at: datetime) -> None:
        self._profiles[profile.story] = profile
        for term in terms:
            stories = self._postings.setdefault(term, {})
            stories.pop(profile.story, None)
            stories[profile.story] = at
        for document in profile.documents:
            self._documents.setdefault(document, {})[profile.story] = at
        self._newest = max(self._newest or at, at)
        self._until_tidy -= 1
        if self._until_tidy <= 0:
            self._tidy(self._newest - self._keep)

    @override
    def title(self, key: str, since: datetime) -> TitleOnShelf | None:
        found = self._titles.get(key)
        return found if found and found.at >= since else None

    @override
    def add_title(self, key: str, title: TitleOnShelf) -> None:
        self._titles[key] = title

    @override
    def note(self, item: ItemKey, why: Mapping[str, object], at: datetime) -> None:
        self._why[item] = (dict(why), at)

    @override
    def why(self, item: ItemKey) -> dict[str, object] | None:
        found = self._why.get(item)
        return found[0] if found else None

    def _tidy(self, before: datetime) -> None:
        """Forget what is out of the window."""
        self._until_tidy = TIDY_EVERY
        self._profiles = {story: one for story, one in self._profiles.items() if one.last_at >= before}
        for story in list(self._profiles)[: max(0, len(self._profiles) - MOST_STORIES)]:
            del self._profiles[story]
        self._postings = _young(self._postings, before)
        self._documents = _young(self._documents, before)
        self._titles = {key: one for key, one in self._titles.items() if one.at >= before}
        self._why = {item: one for item, one in self._why.items() if one[1] >= before}


def _young(index: dict[str, dict[int, datetime]], before: datetime) -> dict[str, dict[int, datetime]]:
    """The entries at or after a time."""
    young = {key: {story: at for story, at in stories.items() if at >= before} for key, stories in index.items()}
    return {key: stories for key, stories in young.items() if stories}
