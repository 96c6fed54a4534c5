"""The Web API of the tests' Slack: a function a method, named as Slack names it."""

import json

from tests.fakes.slack_workspace import BOT_ID, BOT_USER, TEAM, Payload, Workspace


class WebApi(Workspace):
    def answer(self, method: str, arguments: Payload) -> Payload:
        """What Slack would answer, ``ok`` included."""
        handler = getattr(self, "_" + method.replace(".", "_"), None)
        if handler is None:
            return {"ok": False, "error": "unknown_method"}
        answer: Payload = handler(arguments)
        return {"ok": "error" not in answer, **answer}

    def _auth_test(self, _arguments: Payload) -> Payload:
        return {
            "url": "https://juniper.slack.com/",
            "team": "Juniper & Finch",
            "user": "fern",
            "team_id": TEAM,
            "user_id": BOT_USER,
            "bot_id": BOT_ID,
        }

    def _chat_postMessage(self, arguments: Payload) -> Payload:  # noqa: N802 - Slack's name
        if not arguments.get("channel"):
            return {"error": "channel_not_found"}
        ts = self.new_ts()
        kept = {key: arguments[key] for key in ("text", "blocks", "thread_ts", "metadata") if arguments.get(key)}
        message = {"type": "message", "user": BOT_USER, "bot_id": BOT_ID, "text": "", "ts": ts, **kept}
        self.channels[arguments["channel"]].append(message)
        return {"channel": arguments["channel"], "ts": ts, "message": message}

    def _chat_update(self, arguments: Payload) -> Payload:
        for message in self.channels[arguments["channel"]]:
            if message["ts"] == arguments["ts"]:
                message.setdefault("versions", []).append(
                    {"text": message["text"], "blocks": message.get("blocks", [])}
                )
                message.update(text=arguments.get("text", ""), blocks=arguments.get("blocks") or [])
                message["updated"] = message.get("updated", 0) + 1
                return {"channel": arguments["channel"], "ts": arguments["ts"], "text": message["text"]}
        return {"error": "message_not_found"}

    def _chat_postEphemeral(self, arguments: Payload) -> Payload:  # noqa: N802
        self.ephemeral.append(arguments)
        return {"message_ts": self.new_ts()}

    def _conversations_history(self, arguments: Payload) -> Payload:
        here = self.channels[arguments["channel"]]
        return self._page(
            [message for message in here if message.get("thread_ts", message["ts"]) == message["ts"]], arguments
        )

    def _conversations_replies(self, arguments: Payload) -> Payload:
        here = self.channels[arguments["channel"]]
        thread = arguments["ts"]
        return self._page([one for one in here if thread in (one["ts"], one.get("thread_ts"))], arguments)

    def _page(self, found: list[Payload], arguments: Payload) -> Payload:
        """Two messages a page, whatever was asked for: cursors have to be followed."""
        oldest = float(arguments.get("oldest") or 0)
        shown = [_without_metadata(one, arguments) for one in found if float(one["ts"]) >= oldest]
        start = int(arguments.get("cursor") or 0)
        more = start + 2 < len(shown)
        cursor = {"next_cursor": str(start + 2) if more else ""}
        return {"messages": shown[start : start + 2], "has_more": more, "response_metadata": cursor}

    def _conversations_open(self, arguments: Payload) -> Payload:
        return {"channel": {"id": "D" + str(arguments["users"])[1:]}}

    def _users_info(self, arguments: Payload) -> Payload:
        name = self.names.get(arguments["user"])
        if name is None:
            return {"error": "user_not_found"}
        profile = {"display_name": name, "real_name": name}
        return {"user": {"id": arguments["user"], "name": name.lower(), "locale": "en-US", "profile": profile}}

    def _apps_connections_open(self, _arguments: Payload) -> Payload:
        return {"url": self.url.replace("http", "ws", 1) + "/socket"}

    def _assistant_threads_setStatus(self, arguments: Payload) -> Payload:  # noqa: N802
        self.statuses.append(arguments)
        return {}

    def _reactions_add(self, arguments: Payload) -> Payload:
        self.reactions.append(arguments)
        return {}

    def _views_open(self, arguments: Payload) -> Payload:
        view = arguments["view"]
        self.views.append(json.loads(view) if isinstance(view, str) else view)
        return {"view": self.views[-1]}


def _without_metadata(message: Payload, arguments: Payload) -> Payload:
    if str(arguments.get("include_all_metadata", "")).lower() in ("1", "true"):
        return message
    return {key: value for key, value in message.items() if key != "metadata"}
