"""A secret that was replaced leads nowhere, even for words that were on their way meanwhile."""

import pytest
from sqlalchemy.orm import Session

from handoff import addresses, conversations, inbox, session_renewals
from handoff.database import Database
from handoff.inbox import Accepted, Inbound
from handoff.schema import Conversation, FurtherAddress
from handoff.session_renewals import SecretReplaced
from tests.people import at

OLD, NEW = "hash of the old secret", "hash of the new secret"
PHONE = "77"


def from_page(address: str, client_id: str) -> Inbound:
    return Inbound(channel="web", address=address, dedupe_key=None, text="hello", client_id=client_id)


def from_telegram(key: str) -> Inbound:
    return Inbound(channel="telegram", address=PHONE, dedupe_key=key, text="hello")


def joined(session: Session) -> Accepted:
    """Maya wrote in the web chat, proved an order, and writes on Telegram now."""
    accepted = inbox.accept(session, from_page(OLD, "1"), at(0))
    session.add(
        FurtherAddress(channel="telegram", address=PHONE, conversation_id=accepted.conversation_id, joined_at=at(1))
    )
    session.flush()
    inbox.accept(session, from_telegram("t1"), at(2))
    session_renewals.proved(session, accepted.conversation_id, accepted.seq)
    session_renewals.offer(session, OLD, NEW)
    return accepted


def test_words_under_the_old_secret_that_waited_while_it_was_replaced_are_refused(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.write_now(joined)

    def locked_after_the_new_one_was_used(session: Session, conversation_id: str) -> Conversation:
        monkeypatch.undo()
        session_renewals.admit(session, "web", NEW, at(3))
        return conversations.locked(session, conversation_id)

    monkeypatch.setattr(addresses, "locked", locked_after_the_new_one_was_used)
    with pytest.raises(SecretReplaced):
        database.write_now(inbox.accept, from_page(OLD, "2"), at(4))


def test_every_chat_goes_on_after_the_secret_was_replaced(database: Database) -> None:
    conversation_id = database.write_now(joined).conversation_id
    assert database.write_now(session_renewals.admit, "web", NEW, at(3)) == conversation_id
    with pytest.raises(SecretReplaced):
        database.write_now(inbox.accept, from_page(OLD, "2"), at(4))
    for words in (from_telegram("t2"), from_page(NEW, "3"), from_telegram("t3")):
        assert database.write_now(inbox.accept, words, at(5)).conversation_id == conversation_id


def test_the_same_words_under_either_secret_are_one_message(database: Database) -> None:
    accepted = database.write_now(joined)
    again = database.write_now(inbox.accept, from_page(NEW, "1"), at(3))
    assert (again.conversation_id, again.seq, again.duplicate) == (accepted.conversation_id, accepted.seq, True)
