"""What stands before every page: who may ask, from where, how much; and what browsers are told to forbid.

A page elsewhere on the web must not reach a workbench through its reader's browser. So it answers only
under its own names (else an address of another name could be pointed at this machine), and refuses what
browsers mark as sent by another site, save for following a link.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import ip_address
from types import MappingProxyType
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from suasion.web.fault import Refused, respond
from suasion.web.settings import Settings

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""Nothing but our own files; Vega draws by interpreting its expressions, so nothing is evaluated."""
HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
)
CLIENT, TOKEN = "suasion_client", "suasion_token"
"""Cookies: who asks, so that jobs are shared out fairly; and that the token was shown."""
SAFE = ("GET", "HEAD", "OPTIONS")


class Guard:
    """Middleware around the whole app."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        """Keep what is guarded and how."""
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        fixed = scope["path"].startswith("/static/")
        client = Request(scope).cookies.get(CLIENT)
        scope["client_id"] = client or _address(scope)

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-cache" if fixed else "no-store")
                if client is None and headers.get("content-type", "").startswith("text/html"):
                    headers.append("Set-Cookie", _cookie(CLIENT, secrets.token_urlsafe(12)))
            await send(message)

        try:
            answer = self._admit(scope)
            body = None if answer else await self._body(scope, receive)
        except Refused as refused:
            answer = respond(Request(scope), refused)
        if answer:
            await answer(scope, receive, tell)
        else:
            await self.app(scope, _replayed(body or b"", receive), tell)

    def _admit(self, scope: Scope) -> Response | None:
        """Refuse a stranger; a redirect for who shows the token in an address."""
        headers, settings = Headers(scope=scope), self.settings
        if len(scope["query_string"]) > settings.most_query:
            raise Refused(414, "K213", "the address is too long", f"at most {settings.most_query:,} bytes")
        _known_host(headers.get("host", ""), settings)
        _same_site(scope["method"], headers)
        return _token(scope, settings.token) if settings.token else None

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        """The request's body, read before anything else looks at it, so that its size is bounded."""
        most, told = self.settings.most_body, Headers(scope=scope).get("content-length", "0")
        large = Refused(413, "K213", "the request is too large", f"at most {most:,} bytes")
        if not told.isdigit() or int(told) > most:
            raise large
        parts, size, more = [], 0, scope["method"] not in ("GET", "HEAD")
        while more:
            message = await receive()
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            more = message.get("more_body", False)
            if size > most:
                raise large
        return b"".join(parts)


def _address(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else "unknown"


def _replayed(body: bytes, receive: Receive) -> Receive:
    """A body that has been read, to be read again."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _known_host(host: str, settings: Settings) -> None:
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        name = ""
    # Only a name can be pointed elsewhere; under a bare address the token is asked for.
    if name not in settings.hosts and not (settings.token and _is_address(name)):
        fix = "open it under the address that `suasion serve` printed"
        raise Refused(400, "K214", "the workbench does not answer under this name", fix)


def _is_address(name: str) -> bool:
    with suppress(ValueError):
        return bool(ip_address(name))
    return False


def _same_site(method: str, headers: Headers) -> None:
    site, origin = headers.get("sec-fetch-site", "none"), headers.get("origin")
    strange = site not in ("none", "same-origin")
    if strange and method in SAFE:
        strange = headers.get("sec-fetch-mode") != "navigate" or headers.get("sec-fetch-dest") != "document"
    if method not in SAFE and origin is not None:
        strange = strange or urlsplit(origin).netloc != headers.get("host")
    if strange:
        raise Refused(403, "K214", "the request comes from another site", "ask from the workbench itself")


def _token(scope: Scope, token: str) -> Response | None:
    request = Request(scope)
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and _equal(shown, token):
        return None
    if _equal(request.cookies.get(TOKEN, ""), token):
        return None
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    if _equal(dict(query).get("token", ""), token):
        rest = urlencode([(key, value) for key, value in query if key != "token"])
        path = "/" + request.url.path.lstrip("/")
        response = RedirectResponse(f"{path}?{rest}" if rest else path, 303)
        response.headers["Set-Cookie"] = _cookie(TOKEN, token)
        return response
    fix = "open the address with its token that `suasion serve` printed, or send it as a bearer token"
    raise Refused(401, "K215", "this workbench asks for a token", fix)


def _equal(shown: str, token: str) -> bool:
    return secrets.compare_digest(shown.encode(), token.encode())


def _cookie(name: str, value: str) -> str:
    return f"{name}={value}; Path=/; HttpOnly; SameSite=Strict"
