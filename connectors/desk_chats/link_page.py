"""The page at the end of a link from a chat: an agent who is signed in confirms that the person there is them."""

import base64
import hashlib
from datetime import UTC, datetime
from html import escape
from typing import Any

from sanic import HTTPResponse, Request, Sanic
from sanic.response import html

from connectors.desk_chats.link_tokens import Claimant, LinkTokens
from connectors.gateway import origins
from connectors.gateway.api.serve import COOKIE
from handoff import access, agent_links, sessions
from handoff.agent_links import LinkUsed
from handoff.database import Database

STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem;color:#1f2a24}"
    "button{font:inherit;padding:.6rem 1.2rem;border:0;border-radius:.5rem;background:#2f5d46;color:#fff}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
STALE = "This link is not valid any more. Press a button in {chat} again to get a new one."
SIGN_IN = (
    'You are not signed in here. <a href="/desk" target="_blank">Sign in at the desk</a>, then press the button again.'
)
NOT_AGENT = "Your account does not answer customers, so there is nothing to link."


class LinkPage:
    """``channel``: the chat's name in ``agent_link``; ``chat``: what people call it."""

    def __init__(self, database: Database, key: str, channel: str, chat: str, public_url: str) -> None:
        self._database = database
        self._tokens = LinkTokens(key, channel)
        self._channel = channel
        self._chat = chat
        self._public_url = public_url
        self._path = f"/desk/link/{channel}"

    def register(self, app: Sanic[Any, Any]) -> None:
        app.add_route(self._show, self._path, methods=["GET"], name=f"{self._channel}_link_show")
        app.add_route(self._confirm, self._path, methods=["POST"], name=f"{self._channel}_link_confirm")

    def address(self, user: str, name: str) -> str:
        """A fresh link for a person of the chat, by the id that ``agent_link`` has, and the name they go by there."""
        return f"{self._public_url}{self._path}?token={self._tokens.new(user, name, datetime.now(UTC))}"

    async def _show(self, request: Request) -> HTTPResponse:
        token = str(request.args.get("token") or "")
        claimant = self._tokens.read(token, datetime.now(UTC))
        return self._page(self._stale(), 410) if claimant is None else self._page(self._question(claimant, token), 200)

    async def _confirm(self, request: Request) -> HTTPResponse:
        now = datetime.now(UTC)
        token = str(request.form.get("token") or "") if request.form else ""
        claimant = self._tokens.read(token, now)
        if claimant is None or not origins.is_own(request.headers, self._public_url):
            return self._page(self._stale(), 410)
        cookie = request.cookies.get(COOKIE) or ""
        signed_in = await self._database.read(sessions.signed_in, cookie, now) if cookie else None
        if signed_in is None:
            return self._page(f"<p>{SIGN_IN}</p>{self._question(claimant, token)}", 401)
        if not access.may(signed_in.role, "answer"):
            return self._page(NOT_AGENT, 403)
        try:
            who = (self._channel, claimant.user, signed_in.agent_id, claimant.token_id)
            await self._database.write(agent_links.link, *who, now)
        except LinkUsed:
            return self._page(self._stale(), 410)
        return self._page(f"Linked. You can close this page and answer from {self._chat}.", 200)

    def _stale(self) -> str:
        return STALE.format(chat=self._chat)

    def _question(self, claimant: Claimant, token: str) -> str:
        return (
            f"<p>The {self._chat} user <strong>{escape(claimant.name)}</strong> will claim conversations and answer "
            "customers in your name.</p><p>Confirm only if that is you, and you asked for this link a moment ago.</p>"
            f'<form method="post" action="{self._path}"><input type="hidden" name="token" value="{escape(token)}">'
            "<button>This is me: link it</button></form>"
        )

    def _page(self, body: str, status: int) -> HTTPResponse:
        words = (
            '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            f"<title>Link {self._chat}</title><style>{STYLE}</style>"
            f"<h1>Link {self._chat} to your account</h1><main>{body}</main></html>"
        )
        return html(words, status, HEADERS)
