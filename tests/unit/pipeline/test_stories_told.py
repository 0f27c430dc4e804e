"""One story, one message: what grows in place, what follows quietly, what rings again, what is rolled up."""

from tests.unit.pipeline.conftest import Office, news
from watchbot.model.alert import Act, Delivery, Form, Move, State
from watchbot.model.item import CutDocument, Item
from watchbot.model.reason import Reason
from watchbot.pipeline.ingest import Ingest

PLANT = "Foxconn to build AI server plant in Houston"
PLANT_TOO = "Foxconn to build an AI server plant in Houston, Texas"
HIRES = "Unions at Foxconn plant in Houston ask for talks on pay and shifts"
DENIAL = "Foxconn denies report of AI server plant in Houston"


def send_all(office: Office, chat: str) -> list[Delivery]:
    """Send what is due to a chat; gives what went out."""
    out = []
    office.clock.move(5)
    with office.store.write() as tx:
        while rows := tx.outbox.claim(office.clock.now(), "t", 60, 9, "telegram"):
            for row in rows:
                message = row.message_id or 100 + row.id
                tx.outbox.finish(row.id, Move(State.SENT, office.clock.now(), message_id=message), office.clock.now())
                out += [row] if row.chat == chat else []
    return out


def reasons(office: Office, chat: str) -> list[Reason]:
    """Why the alerts of a chat came, oldest first."""
    with office.store.read() as tx:
        return [row.reason for row in reversed(tx.alerts.last(100)) if row.chat == chat]


def test_the_same_news_elsewhere_grows_the_message(office: Office) -> None:
    office.take("Wire", news(1, PLANT))
    (first,) = send_all(office, "7")
    assert office.take("Post", news(2, PLANT_TOO)).told_items == 1
    (edit,) = send_all(office, "7")
    assert (edit.act, edit.message_id) == (Act.EDIT, 100 + first.id)
    assert reasons(office, "7") == [Reason.FIRST_REPORT]
    assert reasons(office, "8") == [Reason.FIRST_REPORT]


def test_a_follow_up_is_a_quiet_reply(office: Office) -> None:
    office.take("Wire", news(1, PLANT))
    (first,) = send_all(office, "7")
    office.take("Wire", news(2, HIRES))
    (follow,) = send_all(office, "7")
    assert (follow.act, follow.silent, follow.reply_to) == (Act.SEND, True, 100 + first.id)
    assert reasons(office, "7") == [Reason.FIRST_REPORT, Reason.RELATED]


def test_a_denial_rings_again(office: Office) -> None:
    office.take("Wire", news(1, PLANT))
    send_all(office, "7")
    office.take("Post", news(2, DENIAL))
    (again,) = send_all(office, "7")
    assert (again.act, again.silent) == (Act.SEND, False)
    assert reasons(office, "7")[-1] is Reason.CORRECTION


def test_a_further_watch_rings_again(office: Office) -> None:
    office.take("Wire", news(1, PLANT))
    office.take("Post", news(2, PLANT_TOO + " with DRAM"))
    assert reasons(office, "7") == [Reason.FIRST_REPORT, Reason.NEW_WATCH]


def test_a_story_goes_on_after_a_restart(office: Office) -> None:
    office.take("Wire", news(1, PLANT))
    send_all(office, "7")
    again = Ingest(office.store, office.directory, office.clock)
    with office.store.read() as tx:
        post = tx.sources.get(office.sources["Post"].id)
    assert post
    taken = again.take(
        type(post)(post.id, post.spec, post.next_at, baseline_done=True), CutDocument((news(2, PLANT_TOO),))
    )
    assert taken.told_items == 1
    assert reasons(office, "7") == [Reason.FIRST_REPORT]


def test_another_story_of_the_same_company_is_its_own(office: Office) -> None:
    office.take("Wire", news(1, PLANT), news(2, "Foxconn chairman retires after three decades at the helm"))
    assert reasons(office, "7") == [Reason.FIRST_REPORT, Reason.FIRST_REPORT]


def block(number: int, body: str) -> Item:
    """A paragraph of one page."""
    return Item(f"b{number}", "", body, document="page.txt", line=number)


BLOCKS = (
    "Foxconn will open a plant for batteries in Kaohsiung, the mayor said.",
    "In Vietnam, Foxconn bought forty hectares next to its camera works.",
    "The founder of Foxconn gave his art collection to a museum in Taichung.",
    "A court in Ohio ended a quarrel over unpaid wages at a Foxconn supplier.",
    "Foxconn's electric bus begins its service between Tainan and the coast.",
    "Analysts expect the dividend of Foxconn to stay where it was last year.",
)


def test_five_blocks_of_one_page_are_one_roll_up_with_every_headline(office: Office) -> None:
    taken = office.take("Inbox", *(block(n, body) for n, body in enumerate(BLOCKS, 1)))
    assert taken.told_items == len(BLOCKS)
    sent = send_all(office, "7")
    assert len(sent) == 1
    assert sent[0].form is Form.HTML
    for words in ("Kaohsiung", "Vietnam", "museum", "Ohio", "electric bus", "dividend"):
        assert words in sent[0].body


def test_many_blocks_of_one_event_are_one_roll_up_too(office: Office) -> None:
    said = ("racks", "a van", "robots", "trains", "tariffs", "a drone show", "satellites")
    blocks = (block(n, f"At Foxconn Tech Day the company spoke about {what}.") for n, what in enumerate(said, 1))
    office.take("Inbox", *blocks)
    (sent,) = send_all(office, "7")
    assert [what for what in said if what not in sent.body] == []


def test_a_roll_up_of_several_messages_rings_once(office: Office) -> None:
    verbs = ("opens a plant in", "sues a tailor from", "buys a hospital in", "plants trees around", "lends money to")
    towns = ("Brno", "Chennai", "Hanoi", "Osaka", "Porto", "Turin", "Lyon", "Perth", "Quito", "Oslo", "Turku", "Cork")
    titles = [f"Foxconn {verb} {town}" for verb in verbs for town in towns]
    office.take("Inbox", *(Item(f"b{n}", title, "", document="p.txt", line=n) for n, title in enumerate(titles, 1)))
    sent = send_all(office, "7")
    assert [title for title in titles if title not in "".join(row.body for row in sent)] == []
    assert [row.silent for row in sent] == [False] + [True] * (len(sent) - 1)
    assert len(sent) > 1


def test_four_blocks_are_told_one_by_one(office: Office) -> None:
    office.take("Inbox", *(block(n, body) for n, body in enumerate(BLOCKS[:4], 1)))
    assert len(send_all(office, "7")) == 4


def test_other_blocks_of_the_page_are_not_rolled_up(office: Office) -> None:
    dram = block(9, "Prices of DRAM fell for the third week in a row.")
    office.take("Inbox", *(block(n, body) for n, body in enumerate(BLOCKS, 1)), dram)
    forms = [row.form for row in send_all(office, "7")]
    assert sorted(form.value for form in forms) == ["card", "html"]
