"""`company:` and short forms where a catalogue is there, and what it warns of."""

import pytest

from watchbot.config import check, load
from watchbot.model.errors import ConfigError, Problem


def test_company_brings_its_names_and_tickers(watch, catalogue):
    found = watch("- {company: foxconn, aliases: [FTC], tickers: [AAPL]}", catalogue)
    assert found.company == "foxconn"
    assert found.names == ("foxconn", "Foxconn", "鴻海", "富士康")
    assert found.tickers == ("2317.TW", "HNHPF", "AAPL")
    assert found.aliases == ("FTC",)


def test_without_takes_away_in_any_script(watch, catalogue):
    found = watch("- {company: Foxconn, without: [鸿海, HNHPF]}", catalogue)
    assert found.names == ("Foxconn", "富士康")
    assert found.tickers == ("2317.TW",)
    assert "鴻海" in found.unsafe


def test_short_form_is_the_company_where_it_is_clear(watch, catalogue):
    found = watch("- Foxconn", catalogue)
    assert (found.company, found.id, found.label) == ("foxconn", "foxconn", "Foxconn")
    assert found.tickers == ("2317.TW", "HNHPF")


def test_short_form_is_a_plain_name_elsewhere(watch, catalogue):
    found = watch("- 2317", catalogue)
    assert (found.company, found.names, found.tickers) == ("", ("2317",), ())


def test_a_typed_name_is_on_however_unsafe(watch, catalogue):
    assert watch("- {company: Apple}", catalogue).names == ("Apple", "Apple Inc")
    assert watch("- Apple", catalogue).names == ("Apple", "Apple Inc")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "watches:\n- {company: '2317'}\n",
            "2:13: company: `2317` is not clear to the catalogue: it could be Foxconn (2317.TW), Systena (2317.T);"
            " `name:` makes it a plain name",
        ),
        (
            "watches:\n- company: Nobody\n",
            "2:12: company: `Nobody` is not clear to the catalogue: `name:` makes it a plain name",
        ),
        (
            "watches:\n- {company: Systena, without: [Systena, 2317.T]}\n",
            "2:31: without: leaves nothing to look for",
        ),
    ],
)
def test_mistakes(list_problems, catalogue, text, wanted):
    assert list_problems(text, catalogue) == [wanted]


def warnings(write, catalogue, text):
    path = write("watchbot.yaml", "watchlists:\n- watches:\n" + text)
    return [(one.line, one.column, one.message) for one in load(path, {}, catalogue).warnings]


def test_warnings(write, catalogue):
    found = warnings(
        write,
        catalogue,
        "  - Apple\n  - {company: Foxconn, without: [Nobody]}\n  - {name: Foxconn}\n"
        "  - {name: x, aliases: [y, Apple]}\n  - x\n",
    )
    assert found == [
        (3, 5, "`Apple` is an unsafe name of Apple (AAPL): it has other meanings too"),
        (4, 33, "without: not a name of Foxconn (2317.TW): Nobody"),
        (5, 5, "this is watched in this watchlist already, in line 4"),
        (5, 12, "the catalogue knows Foxconn (2317.TW): with `company:` all its names are found"),
        (6, 28, "`Apple` is an unsafe name of Apple (AAPL): it has other meanings too"),
        (7, 5, "this is watched in this watchlist already, in line 6"),
    ]


def test_the_catalogue_is_made_with_the_files_of_the_user(write, catalogue, tmp_path):
    write("mine.yaml", "")
    path = write("watchbot.yaml", "catalogue: [mine.yaml]\nwatchlists: [{watches: [Foxconn]}]\n")
    asked = []

    def make(own):
        asked.append(own)
        return catalogue

    assert load(path, {}, make).watchlists[0].watches[0].company == "foxconn"
    assert asked == [(tmp_path / "mine.yaml",)]


def test_what_is_wrong_with_the_users_companies_joins_the_rest(write):
    write("mine.yaml", "")
    path = write("watchbot.yaml", "catalogue: [mine.yaml]\nlgo: 1\nwatchlists: [{watches: [{company: x}]}]\n")

    def make(own):
        raise ConfigError([Problem("mine.yaml", 3, 4, "no")])

    with pytest.raises(ConfigError) as caught:
        load(path, {}, make)
    assert [one.message for one in caught.value.problems] == [
        "unknown key `lgo` in watchbot.yaml; did you mean `log`?",
        "no",
    ]


def test_check_shows_what_short_forms_became(write, catalogue):
    path = write("watchbot.yaml", "watchlists: [{watches: [Foxconn, Acme, {name: y}]}]\n")
    assert check(path, {}, catalogue, verbose=True).lines == (
        f"{path}:1:25: Foxconn -> company foxconn: Foxconn, 鴻海, 富士康, 2317.TW, HNHPF",
        f"{path}:1:34: Acme -> name: Acme",
        "ok",
    )
    assert check(path, {}, catalogue).lines == ("ok",)
