"""Files in Slack's messages: described by the event, fetched by their id with the bot's token."""

from connectors.slack.events import Payload
from handoff.media import SentFile


def sent_file(file: Payload) -> SentFile:
    """What an event tells of a file."""
    mime = str(file.get("mimetype") or "application/octet-stream")
    size = file.get("size")
    return SentFile(
        provider_file_id=str(file["id"]),
        kind=_kind(mime, str(file.get("subtype") or "")),
        mime=mime,
        title=str(file.get("title") or file.get("name") or "a file"),
        size=size if isinstance(size, int) else None,
    )


def _kind(mime: str, subtype: str) -> str:
    if subtype == "slack_audio":
        return "voice"
    match mime.partition("/")[0]:
        case "image":
            return "animation" if mime == "image/gif" else "photo"
        case "audio":
            return "audio"
        case "video":
            return "video"
    return "document"
