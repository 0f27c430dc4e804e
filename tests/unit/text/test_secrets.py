"""Addresses without their secrets."""

import pytest

from watchbot.text.secrets import without_secrets


@pytest.mark.parametrize(
    "address",
    ["https://a.example/rss?page=2", "https://a.example/rss#x", "/folder/with@sign", "not an address", "https://[x"],
)
def test_what_holds_no_secret_stays(address: str) -> None:
    assert without_secrets(address) == address


@pytest.mark.parametrize(
    ("address", "bare"),
    [
        ("https://me:hunter22@a.example/rss", "https://a.example/rss#"),
        ("https://a.example/rss?page=2&api_key=hunter22", "https://a.example/rss?page=2&api_key=***#"),
        ("https://a.example/rss?token=hunter22&x=1", "https://a.example/rss?token=***&x=1#"),
        ("https://a.example/rss?access-token=hunter22", "https://a.example/rss?access-token=***#"),
    ],
)
def test_secrets_are_struck_out(address: str, bare: str) -> None:
    shown = without_secrets(address)
    assert shown.startswith(bare)
    assert "hunter22" not in shown


def test_two_keys_stay_two_sources() -> None:
    first, second = (without_secrets(f"https://a.example/rss?key={n}") for n in "12")
    assert first != second
