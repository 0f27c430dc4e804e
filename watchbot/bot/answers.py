"""Answers become deliveries: split where they are long, the buttons under the last part.

Answer -> parts of HTML (and a file) -> outbox rows of rank REPLY -> the chore that will change the last one
"""

import base64
import json
from collections.abc import Iterable
from dataclasses import replace

from watchbot.bot.talk import Answer, Document, Press, Reaction, Talk
from watchbot.message.parts import split
from watchbot.model.alert import Form, NewDelivery, Rank
from watchbot.model.panel import LONGEST_DATA, Rows


def queue(talk: Talk, answers: Iterable[Answer]) -> None:
    """Put answers into the outbox, in the talk's transaction."""
    for answer in answers:
        _queue_one(talk, answer)


def react(talk: Talk, press: Press, reaction: Reaction) -> None:
    """Carry out what a press brought: the pressed message changes, further messages are queued."""
    if reaction.edit is not None:
        _edit(talk, press, reaction.edit)
    queue(talk, reaction.answers)


def change(talk: Talk, delivery: int, answer: Answer) -> None:
    """Make an earlier answer say this; what does not fit into one message follows as further ones."""
    first, *rest = split(answer.html) or ["…"]
    rows = () if rest else _checked(answer.rows)
    talk.tx.outbox.change(delivery, first, Form.HTML, rows, talk.now)
    if answer.panel is not None:
        talk.tx.outbox.set_panel(delivery, answer.panel)
    for number, html in enumerate(rest, start=1):
        last = number == len(rest)
        below = replace(answer, html=html, document=None, chore=None)
        queue(talk, [below if last else replace(below, rows=(), panel=None)])


def _queue_one(talk: Talk, answer: Answer) -> None:
    chat = answer.chat or talk.chat
    parts = split(answer.html)
    delivery = None
    for part, html in enumerate(parts):
        last = part == len(parts) - 1
        message = NewDelivery(
            chat=chat,
            body=html,
            form=Form.HTML,
            part=part,
            rank=Rank.REPLY,
            silent=answer.silent,
            reply_to=answer.reply_to if part == 0 else None,
            rows=_checked(answer.rows) if last else (),
            panel=answer.panel if last else None,
        )
        delivery = talk.tx.outbox.queue(message, talk.now)
    if answer.document is not None:
        file = NewDelivery(chat=chat, body=file_body(answer.document), form=Form.FILE, part=len(parts), rank=Rank.REPLY)
        talk.tx.outbox.queue(file, talk.now)
    if answer.chore is not None:
        # What its result is told with: the language of the person's app and their right in a group are known only now.
        asked = {**answer.chore.payload, "language": talk.language, "may_change": talk.may_change}
        talk.tx.chores.add(replace(answer.chore, reply=delivery, payload=asked), talk.now)


def _edit(talk: Talk, press: Press, answer: Answer) -> None:
    """An alert keeps its text and gets new buttons; any other message is changed as a whole."""
    row = press.row
    if row.alert is None:
        change(talk, row.delivery, answer)
        return
    if answer.panel is not None:
        talk.tx.outbox.set_panel(row.delivery, answer.panel)
    alert = talk.tx.alerts.get(row.alert)
    if alert is not None:
        talk.tx.outbox.queue_edit(row.alert, alert.card, talk.now, talk.now, _checked(answer.rows), Rank.REPLY)


def file_body(document: Document) -> str:
    """A file as the outbox keeps it."""
    return json.dumps({"name": document.name, "body_base64": base64.b64encode(document.body).decode("ascii")})


def _checked(rows: Rows) -> Rows:
    """Telegram refuses a message whose button says too much; better known here."""
    for row in rows:
        for button in row:
            if not button.data.startswith("http") and len(button.data.encode()) > LONGEST_DATA:
                raise ValueError(f"a button says more than {LONGEST_DATA} bytes: {button.data}")
    return tuple(row for row in rows if row)
