"""A watch tried on what is stored: how many alerts in how many days, by the dates of the news."""

from dataclasses import replace
from datetime import timedelta

from tests.unit.pipeline.conftest import Office, news
from watchbot.catalogue import Catalogue, load
from watchbot.message.watching import Tried
from watchbot.model.item import Item
from watchbot.model.watch import Watch
from watchbot.pipeline import drafts, trying

OKAPI = Watch("okapi", "Okapi", names=("Okapi", "Zephyr"))


def dated(office: Office, number: int, title: str, days: float) -> Item:
    """News that was published so many days ago."""
    return replace(news(number, title), published=office.clock.now() - timedelta(days=days))


def tried(office: Office, watch: Watch = OKAPI) -> Tried:
    """The watch tried in chat 7 now."""
    with office.store.read() as tx:
        return trying.tried(trying.window(tx, watch, "7", office.clock.now()), watch)


def test_what_a_feed_brings_at_its_first_poll_is_of_the_days_it_was_news(office: Office) -> None:
    ages = (0.2, 0.8, 3, 9.5, 28)
    office.take("Wire", *(dated(office, number, f"Okapi number {number}", age) for number, age in enumerate(ages)))
    found = tried(office)
    assert (found.alerts, found.days, found.mains) == (2, 1, 2)
    assert [sample.headline for sample in found.samples] == ["Okapi number 0", "Okapi number 1"]
    office.clock.move(3 * 86400)
    office.take("Wire", dated(office, 9, "Okapi number 9", 0.1))
    assert (tried(office).alerts, tried(office).days) == (1, 3)


def test_where_nothing_is_new_it_says_how_far_back_the_news_reach(office: Office) -> None:
    office.take("Wire", dated(office, 1, "Okapi rises", 3), dated(office, 2, "Okapi falls", 9.5))
    assert (tried(office).alerts, tried(office).days) == (2, 10)


def test_a_date_to_come_or_none_is_the_day_it_came(office: Office) -> None:
    office.take("Wire", dated(office, 1, "Okapi rises", -4), news(2, "Okapi falls"))
    assert (tried(office).alerts, tried(office).days) == (2, 1)


def test_the_quieter_form_is_measured_in_the_same_days(office: Office) -> None:
    office.take("Wire", *(dated(office, number, f"Zephyr number {number}", 0.5) for number in range(12)))
    office.take("Wire", dated(office, 99, "Okapi rises", 20))
    with office.store.read() as tx:
        seen = trying.window(tx, OKAPI, "7", office.clock.now())
    found = trying.tried(seen, OKAPI)
    quieter = trying.stricter(seen, OKAPI, trying.Loud("Zephyr", 12), found, None)
    assert quieter is not None
    assert (found.alerts, found.days) == (12, 1)
    assert (quieter.kind, quieter.tried.alerts, quieter.tried.days) == ("without", 0, 1)


def test_a_loud_watch_says_which_of_its_names_means_other_things_too() -> None:
    catalogue: Catalogue = load()
    delta = catalogue.by_id("delta-electronics")
    watch = drafts.new("Delta", delta, "en")
    found = Tried(24, 1, (("Delta", 10), ("Delta Electronics", 8), ("台達電", 6)))
    assert trying.loud(found, watch, delta) == trying.Loud("Delta", 10, doubtful=True)
