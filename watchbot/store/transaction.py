"""One transaction with its repositories, each made when it is first asked for."""

from functools import cached_property

from sqlalchemy import Connection

from watchbot.store.alerts import SqlAlerts
from watchbot.store.chats import SqlChats
from watchbot.store.chores import SqlChores
from watchbot.store.items import SqlItems
from watchbot.store.machine import SqlMachine
from watchbot.store.outbox import SqlOutbox
from watchbot.store.retention import SqlRetention
from watchbot.store.search import SqlSearch
from watchbot.store.shelf import SqlShelf
from watchbot.store.sources import SqlSources
from watchbot.store.stories import SqlStories
from watchbot.store.wishes import SqlWishes


class SqlTx:
    """Implements the Tx port on one open transaction."""

    def __init__(self, connection: Connection) -> None:
        """The connection is in a transaction that its owner ends."""
        self.connection = connection

    @cached_property
    def sources(self) -> SqlSources:
        """Feeds and folders."""
        return SqlSources(self.connection)

    @cached_property
    def items(self) -> SqlItems:
        """News items and their keys."""
        return SqlItems(self.connection)

    @cached_property
    def stories(self) -> SqlStories:
        """Items about one event."""
        return SqlStories(self.connection)

    @cached_property
    def shelf(self) -> SqlShelf:
        """What the placer remembers of stories."""
        return SqlShelf(self.connection)

    @cached_property
    def alerts(self) -> SqlAlerts:
        """What was decided, and what was told."""
        return SqlAlerts(self.connection)

    @cached_property
    def outbox(self) -> SqlOutbox:
        """Deliveries."""
        return SqlOutbox(self.connection)

    @cached_property
    def chats(self) -> SqlChats:
        """Settings, watches, people."""
        return SqlChats(self.connection)

    @cached_property
    def wishes(self) -> SqlWishes:
        """Mutes, rules, joins."""
        return SqlWishes(self.connection)

    @cached_property
    def chores(self) -> SqlChores:
        """Long work."""
        return SqlChores(self.connection)

    @cached_property
    def search(self) -> SqlSearch:
        """Full text."""
        return SqlSearch(self.connection)

    @cached_property
    def machine(self) -> SqlMachine:
        """Offsets, leases, files."""
        return SqlMachine(self.connection)

    @cached_property
    def retention(self) -> SqlRetention:
        """What is old goes."""
        return SqlRetention(self.connection)
