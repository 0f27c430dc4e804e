"""`watchbot init`: a commented configuration to begin with, never over a file that is there."""

from dataclasses import dataclass
from pathlib import Path

import watchbot
from watchbot.model.errors import UsageError

_DAEMON = """\
# The daemon's configuration. `watchbot check` tells every mistake with its line; paths are relative to this file.
database: sqlite:///watchbot.db               # or postgresql+psycopg://USER:${DB_PASSWORD}@HOST/NAME

telegram:
  token: ${TELEGRAM_BOT_TOKEN:-}              # from the environment or .env; empty: alerts come to the terminal
  # admins: [1001]                            # Telegram user ids; without: `watchbot invite --role owner`
  # access: closed                            # closed: admins and invited people | open: anybody

# defaults: {timezone: Asia/Taipei, language: en, quiet_hours: "22:00-07:00", digest_at: ["08:30"]}

# chats:                                      # names for chats, to use in watchlist.yaml
#   desk: {id: "-100200/7", language: zh-TW}  # "/7" = a forum topic

sources:
  - {name: Inbox, folder: inbox}              # drop .txt, .html or .md files here
  # - https://example.com/rss.xml             # a feed; its title becomes its name
  # - {name: Wire, feed: "https://example.com/wire.xml", every: 10m, headers: {Authorization: "${WIRE_KEY}"}}
  # - {opml: packs/taiwan-technology.opml}    # a list of feeds; or one of your own (see packs/ for more)
  # - {name: News search, search: "https://news.example/rss?q={query}", every: 30m}  # asked once a watched company

# http: {listen: "127.0.0.1:8765"}            # /healthz and /readyz

watchlists: [watchlist.yaml]
"""

_WATCHLIST = """\
# What is watched, and who is told. `watchbot check -v` shows what each short form became.
watchlists:
  - name: first
    chats: [console, owner]                   # the terminal, and whoever claims the bot; also chat ids and "@channel"
    # sources: [Inbox]                        # left out: all sources
    watches:
      - Foxconn                               # a company by any of its names, or a plain name
      - company: Taipower                     # all safe names of the catalogue's company ...
        aliases: [台電]                        # ... and further ones
      - name: Memory
        keywords: [DRAM, NAND]                # words, never typo-tolerant
        exclude: [drama, "Memory Lane"]       # these silence it
        context: [chip, 晶圓]                  # fires only where one of these stands in the item too
      # - name: AI servers
      #   query: '"AI server" AND (Quanta OR Foxconn) NOT rumor'
"""

_ENV = """\
# Copy this file to .env and fill it in. Keep .env to yourself: it holds secrets.
# TELEGRAM_BOT_TOKEN=
# WATCHBOT_LOG_LEVEL=info
"""

_FILES = {"watchbot.yaml": _DAEMON, "watchlist.yaml": _WATCHLIST, ".env.example": _ENV}
_INBOX = "inbox"


@dataclass(frozen=True, slots=True)
class Scaffold:
    """What `init` wrote, and what it found and left alone."""

    written: tuple[Path, ...]
    kept: tuple[Path, ...]


def packs() -> dict[str, str]:
    """The lists of feeds that come with the program, by their path beside the configuration."""
    inside = Path(watchbot.__file__).resolve().parent
    for folder in (inside / "_config" / "packs", inside.parent / "config" / "packs"):
        if folder.is_dir():
            return {f"packs/{path.name}": path.read_text("utf-8") for path in sorted(folder.glob("*.opml"))}
    return {}


def init(directory: Path) -> Scaffold:
    """Write the files and the inbox that are not there yet; UsageError where the folder cannot be used."""
    written: list[Path] = []
    kept: list[Path] = []
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, text in {**_FILES, **packs()}.items():
            path = directory / name
            path.parent.mkdir(exist_ok=True)
            try:
                with path.open("x", encoding="utf-8", newline="\n") as stream:
                    stream.write(text)
                written.append(path)
            except FileExistsError:
                kept.append(path)
        inbox = directory / _INBOX
        if inbox.exists():
            kept.append(inbox)
        else:
            inbox.mkdir()
            written.append(inbox)
    except OSError as error:
        raise UsageError(f"cannot write into {directory}: {error.strerror}") from None
    return Scaffold(tuple(written), tuple(kept))
