"""Files: what an agent sends the customer beside words."""

from pydantic import Field
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from connectors.gateway.api.messages import LONGEST, MessageAnswer
from connectors.gateway.api.route import Call, Fields, Routes, Words
from connectors.gateway.uploads import Upload
from handoff import access, agents, replies
from handoff.media import SentFile
from handoff.transcript import MessageView

routes = Routes()


class FileForm(Fields):
    """``id`` as for words: made by the client, new for each file and the same for each retry of it."""

    id: Words = Field(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")
    caption: Words = Field(default="", max_length=LONGEST)


@routes.add(
    "POST",
    "/api/conversations/{conversation_id}/files",
    permission="answer",
    status=201,
    also=(200,),
    errors=(409, 422),
)
async def send_file(call: Call, conversation_id: str, form: FileForm, upload: Upload) -> MessageAnswer:
    """Send a picture or a document to the customer of a conversation you hold. 200 when this id was kept before."""
    file = await call.desk.uploads.keep(upload)
    try:
        message, created = await call.desk.database.write(_send, call, conversation_id, form, file)
    except SQLAlchemyError:
        raise  # it may have been committed all the same
    except Exception:
        await call.desk.uploads.drop(file)
        raise
    if not created:
        await call.desk.uploads.drop(file)
        call.status = 200
        return MessageAnswer(message=message)
    call.desk.bus.changed(conversation_id)
    return MessageAnswer(message=message)


def _send(
    session: Session, call: Call, conversation_id: str, form: FileForm, file: SentFile
) -> tuple[MessageView, bool]:
    agent = agents.by_id(session, call.agent_id)
    conversation = access.conversation_for(session, agent, conversation_id, "answer")
    return replies.say(session, conversation.id, agent.id, form.id, form.caption.strip(), call.now, file)
