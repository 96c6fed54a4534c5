"""Files in the tests' Slack: handed up, completed, shared, described and downloaded."""

import json

from aiohttp import web

from tests.fakes.slack_workspace import BOT_ID, BOT_TOKEN, BOT_USER, Payload, Workspace


class SharedFiles(Workspace):
    def __init__(self) -> None:
        super().__init__()
        self._announced: dict[str, str] = {}
        """``{file id: the name that was announced}``"""
        self._shares: dict[str, dict[str, list[Payload]]] = {}

    def _files_info(self, arguments: Payload) -> Payload:
        if arguments["file"] not in self.files:
            return {"error": "file_not_found"}
        name, kind, content = self.files[arguments["file"]]
        url = f"{self.file_host or self.url}/files/{arguments['file']}"
        about = {"id": arguments["file"], "name": name, "title": name, "mimetype": kind, "size": len(content)}
        shares = {"private": self._shares.get(arguments["file"], {})}
        return {"file": {**about, "url_private": url, "url_private_download": url, "shares": shares}}

    def _files_getUploadURLExternal(self, arguments: Payload) -> Payload:  # noqa: N802 - Slack's name
        file_id = f"F{next(self._numbers)}"
        self._announced[file_id] = arguments["filename"]
        return {"upload_url": f"{self.url}/upload/{file_id}", "file_id": file_id}

    def _files_completeUploadExternal(self, arguments: Payload) -> Payload:  # noqa: N802
        files = arguments["files"]
        asked = json.loads(files) if isinstance(files, str) else files
        if any(one["id"] not in self.files for one in asked):
            return {"error": "file_not_found"}
        ts, channel = self.new_ts(), arguments["channel_id"]
        shown = [{**one, "name": self._announced[one["id"]]} for one in asked]
        message = {"type": "message", "user": BOT_USER, "bot_id": BOT_ID, "ts": ts, "files": shown}
        thread = {"thread_ts": arguments["thread_ts"]} if arguments.get("thread_ts") else {}
        self.channels[channel].append({**message, "text": arguments.get("initial_comment") or "", **thread})
        for one in asked:
            self._shares.setdefault(one["id"], {}).setdefault(channel, []).append({"ts": ts, **thread})
        return {"files": [{"id": one["id"], "title": one["title"]} for one in asked]}

    async def _download(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {BOT_TOKEN}":
            return web.Response(status=302, headers={"Location": "https://slack.com/signin"})
        _, kind, content = self.files[request.match_info["id"]]
        return web.Response(body=content, content_type=kind)

    async def _upload(self, request: web.Request) -> web.Response:
        file_id = request.match_info["id"]
        self.files[file_id] = (self._announced[file_id], request.content_type, await request.read())
        return web.Response(text="OK")
