"""What people do in the tests' Slack, as the payloads of docs.slack.dev: events, presses, shortcuts, forms, commands."""

import time
from typing import Any

from tests.fakes.slack_workspace import APP, BOT_USER, MAYA, TEAM, Payload, Workspace


class Happenings(Workspace):
    def message(self, text: str, channel: str = "D0MAYA", user: str = MAYA, **more: Any) -> Payload:
        """A ``message`` event; kept in the channel as Slack would."""
        ts = self.new_ts()
        kind = {"D": "im", "G": "group"}.get(channel[0], "channel")
        event = {
            "type": "message",
            "channel": channel,
            "channel_type": kind,
            "user": user,
            "text": text,
            "ts": ts,
            "event_ts": ts,
            "team": TEAM,
            **more,
        }
        self.channels[channel].append({key: value for key, value in event.items() if key != "event_ts"})
        return event

    def edited(self, event: Payload, text: str) -> Payload:
        old = {key: event[key] for key in ("type", "user", "text", "ts", "thread_ts") if key in event}
        ts = self.new_ts()
        return {
            "type": "message",
            "subtype": "message_changed",
            "channel": event["channel"],
            "channel_type": event["channel_type"],
            "ts": ts,
            "event_ts": ts,
            "hidden": True,
            "message": {**old, "text": text, "edited": {"user": event["user"], "ts": ts}},
            "previous_message": old,
        }

    def deleted(self, event: Payload) -> Payload:
        old = {key: event[key] for key in ("type", "user", "text", "ts", "thread_ts") if key in event}
        ts = self.new_ts()
        return {
            "type": "message",
            "subtype": "message_deleted",
            "channel": event["channel"],
            "channel_type": event["channel_type"],
            "ts": ts,
            "event_ts": ts,
            "deleted_ts": event["ts"],
            "hidden": True,
            "previous_message": old,
        }

    def envelope(self, event: Payload) -> Payload:
        return {
            "token": "deprecated",
            "team_id": TEAM,
            "api_app_id": APP,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{next(self._numbers):08d}",
            "event_time": int(time.time()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": TEAM,
                    "user_id": BOT_USER,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": "4-made-up",
        }

    def button_of(self, message: Payload, title: str) -> Payload:
        for block in message["blocks"]:
            for element in block.get("elements") or []:
                if element.get("type") == "button" and element["text"]["text"] == title:
                    return element
        raise AssertionError(f"no button {title!r} in {message['blocks']}")

    def press(self, channel: str, message: Payload, title: str, user: str = MAYA) -> Payload:
        """The ``block_actions`` payload of pressing the button called ``title``."""
        element = self.button_of(message, title)
        action = {"type": "button", "action_id": element["action_id"], "block_id": "b", "action_ts": self.new_ts()}
        container = {"type": "message", "message_ts": message["ts"], "channel_id": channel, "is_ephemeral": False}
        if "thread_ts" in message:
            container["thread_ts"] = message["thread_ts"]
        return {
            "type": "block_actions",
            **self._who_and_where(user, channel),
            "container": container,
            "message": message,
            "actions": [{**action, "text": element["text"], "value": element["value"]}],
        }

    def shortcut(self, channel: str, message: Payload, callback_id: str, user: str) -> Payload:
        """The ``message_action`` payload of a message shortcut."""
        return {
            "type": "message_action",
            "callback_id": callback_id,
            **self._who_and_where(user, channel),
            "message_ts": message["ts"],
            "message": message,
        }

    def submit(self, view: Payload, values: Payload, user: str) -> Payload:
        """The ``view_submission`` payload of a modal."""
        return {
            "type": "view_submission",
            "team": {"id": TEAM, "domain": "juniper"},
            "user": {"id": user, "username": "someone", "team_id": TEAM},
            "view": {"id": f"V{next(self._numbers)}", **view, "state": {"values": values}},
        }

    def command_fields(self, command: str, text: str = "", user: str = MAYA, channel: str = "C0SHOP") -> dict[str, str]:
        return {
            "command": command,
            "text": text,
            "user_id": user,
            "user_name": "maya",
            "team_id": TEAM,
            "channel_id": channel,
            "channel_name": "shop",
            "response_url": f"{self.url}/respond",
            "trigger_id": f"{next(self._numbers)}.1.abc",
            "api_app_id": APP,
        }

    def _who_and_where(self, user: str, channel: str) -> Payload:
        return {
            "user": {"id": user, "username": "someone", "team_id": TEAM},
            "team": {"id": TEAM, "domain": "juniper"},
            "channel": {"id": channel, "name": "somewhere"},
            "trigger_id": f"{next(self._numbers)}.2.def",
            "response_url": f"{self.url}/respond",
            "api_app_id": APP,
        }
