"""Notes: written for colleagues, never sent."""

from pydantic import BaseModel
from sqlalchemy.orm import Session

from connectors.gateway.api.messages import OwnWords
from connectors.gateway.api.route import Call, Routes
from handoff import access, agents, notes
from handoff.notes import NoteView

routes = Routes()


class NoteAnswer(BaseModel):
    note: NoteView


@routes.add(
    "POST", "/api/conversations/{conversation_id}/notes", permission="note", status=201, also=(200,), errors=(409,)
)
async def write_note(call: Call, conversation_id: str, body: OwnWords) -> NoteAnswer:
    """Leave a note for colleagues. 200 when this id was kept before."""
    note, created = await call.desk.database.write(_write, call, conversation_id, body)
    call.status = 201 if created else 200
    if created:
        call.desk.bus.changed(conversation_id)
    return NoteAnswer(note=note)


def _write(session: Session, call: Call, conversation_id: str, body: OwnWords) -> tuple[NoteView, bool]:
    agent = agents.by_id(session, call.agent_id)
    conversation = access.conversation_for(session, agent, conversation_id, "note")
    return notes.write(session, conversation, agent, body.id, body.text, call.now)
