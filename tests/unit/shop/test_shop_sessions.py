"""Proving who you are: what opens a session, how long it lasts, and how often anyone may try."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from actions.shop import sessions as shop_sessions
from actions.shop.codes import CODES_PER_ORDER, CodesSpentError
from actions.shop.counter import Counter, close_counter, counter, document_url
from actions.shop.desk import customer_for_session, document, forget_session, orders_for_session
from actions.shop.document_links import LASTS, LinkExpiredError, link_token
from actions.shop.model import Receipt, now
from actions.shop.sessions import BUDGETS, SESSION_TIME
from actions.shop.tables import GuessRow

MAYA = "maya.lindqvist@example.com"


@pytest.mark.parametrize("contact", [MAYA, " Maya.Lindqvist@Example.com ", "94107", "94107-1234"])
async def test_email_or_postcode_open_the_session(shop_counter: Counter, contact: str) -> None:
    assert await shop_counter.sessions.verify("c_1.1", "FD-10412", contact)
    assert await shop_counter.sessions.order("c_1.1", "FD-10457")
    assert await shop_counter.sessions.order("c_1.1", "FD-10288") is None


@pytest.mark.parametrize(
    ("number", "contact"),
    [("FD-10412", "omar.haddad@example.com"), ("FD-10412", "9410"), ("FD-10412", ""), ("FD-99999", "nobody@invalid")],
)
async def test_anything_else_does_not(shop_counter: Counter, number: str, contact: str) -> None:
    assert not await shop_counter.sessions.verify("c_1.1", number, contact)
    assert await shop_counter.sessions.orders("c_1.1") == []


async def test_a_moved_parcel_is_still_proved_by_the_billing_postcode(shop_counter: Counter) -> None:
    from actions.shop.model import Address

    await shop_counter.shop.change_address("FD-10457", Address("12 Elm Street", "Oakland", "CA", "94601"), key="m_1")
    assert not await shop_counter.sessions.verify("c_1.1", "FD-10457", "94601")
    assert await shop_counter.sessions.verify("c_1.1", "FD-10457", "94107")


async def test_a_session_slides_and_ends(shop_counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    start = shop_sessions.now()
    await shop_counter.sessions.verify("c_1.1", "FD-10412", MAYA)
    almost = SESSION_TIME - timedelta(minutes=1)
    monkeypatch.setattr(shop_sessions, "now", lambda: start + almost)
    assert await shop_counter.sessions.order("c_1.1", "FD-10412")
    monkeypatch.setattr(shop_sessions, "now", lambda: start + 2 * almost)
    assert await shop_counter.sessions.order("c_1.1", "FD-10412")
    monkeypatch.setattr(shop_sessions, "now", lambda: start + 3 * almost + timedelta(minutes=2))
    assert await shop_counter.sessions.order("c_1.1", "FD-10412") is None


async def test_a_session_outlives_a_restart(shop_counter: Counter) -> None:
    await shop_counter.sessions.verify("c_1.1", "FD-10412", MAYA)
    await close_counter()
    assert await (await counter()).sessions.order("c_1.1", "FD-10412")


async def test_a_conversation_that_guessed_too_often_is_locked_silently(shop_counter: Counter) -> None:
    for guess in range(BUDGETS["session"]):
        assert not await shop_counter.sessions.verify("c_1.1", f"FD-{20000 + guess}", f"guess{guess}@b.example")
    assert not await shop_counter.sessions.verify("c_1.1", "FD-10412", MAYA)
    assert await shop_counter.sessions.verify("c_2.1", "FD-10412", MAYA)


async def test_an_order_guessed_at_from_everywhere_is_locked(shop_counter: Counter) -> None:
    for guess in range(BUDGETS["order"]):
        assert not await shop_counter.sessions.verify(f"c_{guess}.1", "FD-10412", f"{30000 + guess}")
    assert not await shop_counter.sessions.verify("c_new.1", "FD-10412", "94107")
    assert await shop_counter.sessions.verify("c_new.1", "FD-10457", "94107")


async def test_an_email_tried_on_many_numbers_is_locked_across_restarts(shop_counter: Counter) -> None:
    for guess in range(BUDGETS["contact"]):
        assert not await shop_counter.sessions.verify(f"c_{guess}.1", f"FD-{20000 + guess}", MAYA)
    await close_counter()
    assert not await (await counter()).sessions.verify("c_new.1", "FD-10412", MAYA)


async def test_a_proof_does_not_refill_the_budget(shop_counter: Counter) -> None:
    for guess in range(BUDGETS["session"]):
        await shop_counter.sessions.verify("c_1.1", "FD-10412", MAYA)
        assert not await shop_counter.sessions.verify("c_1.1", f"FD-{20000 + guess}", f"guess{guess}@b.example")
    assert not await shop_counter.sessions.verify("c_1.1", "FD-10288", "omar.haddad@example.com")


async def test_budgets_come_back_after_a_day(shop_counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    for guess in range(BUDGETS["session"] + 1):
        await shop_counter.sessions.verify("c_1.1", f"FD-{20000 + guess}", f"guess{guess}@b.example")
    tomorrow = shop_sessions.now() + timedelta(hours=25)
    monkeypatch.setattr(shop_sessions, "now", lambda: tomorrow)
    assert await shop_counter.sessions.verify("c_1.1", "FD-10412", MAYA)


async def test_a_missing_order_costs_the_same_steps_as_a_wrong_email(shop_counter: Counter) -> None:
    statements = statements_of(shop_counter)
    await shop_counter.sessions.verify("c_1.1", "FD-10412", "ben@elsewhere.example")
    wrong_email = list(statements)
    statements.clear()
    await shop_counter.sessions.verify("c_2.1", "FD-99999", "ben@elsewhere.example")
    assert statements == wrong_email


async def test_looking_at_an_order_again_is_two_reads_and_no_write(shop_counter: Counter) -> None:
    await shop_counter.sessions.verify("c_1.1", "FD-10412", MAYA)
    statements = statements_of(shop_counter)
    assert await shop_counter.sessions.order("c_1.1", "FD-10412")
    assert [statement.split()[0] for statement in statements] == ["SELECT", "SELECT"]


async def test_guessed_emails_are_not_kept(shop_counter: Counter) -> None:
    await shop_counter.sessions.verify("c_1.1", "FD-10412", "ben@elsewhere.example")
    targets = await shop_counter.database.read(lambda session: session.scalars(select(GuessRow.target)).all())
    assert len(targets) == 3
    assert not any("ben@" in target for target in targets)


async def test_the_desk_sees_what_was_proved_and_erases_it(shop_counter: Counter) -> None:
    assert await orders_for_session("c_1.1") == []
    await shop_counter.sessions.verify("c_1.1", "FD-10412", MAYA)
    assert [order.number for order in await orders_for_session("c_1.1")] == ["FD-10457", "FD-10412"]
    customer = await customer_for_session("c_1.1")
    assert customer is not None
    assert customer.name == "Maya Lindqvist"
    await forget_session("c_1.1")
    assert await customer_for_session("c_1.1") is None


async def test_a_document_opens_by_its_token_only(shop_counter: Counter) -> None:
    invoice = await shop_counter.shop.invoice("FD-10288", key="m_1")
    label = await shop_counter.shop.start_return("FD-10288", ["wool-throw"], "late", key="m_2")
    assert invoice.document
    assert label.document
    assert "$209.00" in (await document(opens(invoice)) or "")
    page = await document(opens(label)) or ""
    assert "RT-10288-1" in page
    assert "trousers" not in page
    guesses = ["guessed", invoice.document, opens(invoice) + "0", opens(invoice).replace("IN-", "IN-1")]
    assert [await document(guess) for guess in guesses] == [None] * len(guesses)


async def test_a_link_to_a_document_expires_and_cannot_be_prolonged(shop_counter: Counter) -> None:
    invoice = await shop_counter.shop.invoice("FD-10288", key="m_1")
    assert invoice.document is not None
    old = link_token(invoice.reference, invoice.document, now() - LASTS - timedelta(days=2))
    with pytest.raises(LinkExpiredError):
        await document(old)
    reference, until, signature = old.split("~")
    assert await document(f"{reference}~{int(until) + 3600}~{signature}") is None


def opens(receipt: Receipt) -> str:
    """The end of the receipt's link."""
    return document_url(receipt).rpartition("/")[2]


async def test_codes_for_one_order_run_out_for_the_day(shop_counter: Counter) -> None:
    order = await shop_counter.shop.order("FD-10457")
    assert order is not None
    for n in range(CODES_PER_ORDER):
        await shop_counter.codes.send(f"c_{n}.1", order, "refund")
    with pytest.raises(CodesSpentError):
        await shop_counter.codes.send("c_other.1", order, "refund")


def statements_of(shop_counter: Counter) -> list[str]:
    """What the shop's database is asked from now on."""
    statements: list[str] = []
    event.listen(
        shop_counter.database.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_rest: statements.append(statement),
    )
    return statements
