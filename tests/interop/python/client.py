"""A relying party of Authlib, driven over standard input and output.

One JSON object a line in, one a line out. Authlib's Flask client does the
work, in request contexts without a server; nothing is checked here that the
library does not check. Who has signed in is for the asker to judge.
"""

import json
import sys
from urllib.parse import parse_qsl

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from flask import Flask, session
from joserfc.errors import JoseError

# A provider that never answers must not hold up the tests. In seconds.
TIMEOUT = 5

sessions = {}


class Refusal(Exception):
    """Where the library said no, and why."""

    def __init__(self, step, error):
        super().__init__(reason(error))
        self.step = step


def reason(error):
    """The kind of error, with the library's own code or the claim."""
    kind = type(error).__name__
    if isinstance(error, JoseError) and getattr(error, "claim", None):
        return f"{kind}: {error.claim}"
    if isinstance(error, AuthlibBaseError) and error.error:
        return f"{kind}: {error.error}"
    return kind


def step(name, work):
    try:
        return work()
    except Exception as error:
        raise Refusal(name, error) from error


def start(wish):
    app = Flask("interop")
    app.secret_key = "of no importance: the session never leaves this process"
    options = {
        "scope": wish["scope"],
        "token_endpoint_auth_method": wish["authentication"],
        "default_timeout": TIMEOUT,
    }
    if wish["response_mode"]:
        options["response_mode"] = wish["response_mode"]
    if wish["pkce"]:
        options["code_challenge_method"] = "S256"
    client = OAuth(app).register(
        "provider",
        client_id=wish["client_id"],
        client_secret=wish["client_key"] or wish["client_secret"],
        client_auth_methods=[PrivateKeyJWT()] if wish["client_key"] else [],
        server_metadata_url=wish["issuer"].rstrip("/") + "/.well-known/openid-configuration",
        client_kwargs=options,
    )
    step("discovery", client.load_server_metadata)
    with app.test_request_context("/"):
        answer = step("request", lambda: client.authorize_redirect(wish["redirect_uri"]))
        offline = "offline_access" in wish["scope"].split()
        sessions[wish["session"]] = (app, client, offline, dict(session))
    return {"url": answer.headers["location"]}


def finish(wish):
    app, client, offline, saved = sessions.pop(wish["session"])
    query = wish["callback"].partition("?")[2]
    posted = {} if wish["form"] is None else {"method": "POST", "data": dict(parse_qsl(wish["form"]))}
    refreshed = None
    with app.test_request_context(f"/callback?{query}", **posted):
        session.update(saved)
        token = step("callback", client.authorize_access_token)
        userinfo = step("userinfo", lambda: client.userinfo(token=token))
        if offline and "refresh_token" in token:
            refreshed = step("refresh", lambda: refresh(client, token))
    return {"id_token": token.get("userinfo"), "userinfo": userinfo, "refreshed": refreshed}


def refresh(client, token):
    """The claims of the ID token that the refresh token brings."""
    again = client.fetch_access_token(grant_type="refresh_token", refresh_token=token["refresh_token"])
    return client.parse_id_token(again, nonce=None)


COMMANDS = {"start": start, "finish": finish}

for line in sys.stdin:
    wish = json.loads(line)
    try:
        answer = COMMANDS[wish["command"]](wish)
    except Refusal as refusal:
        answer = {"refused": {"step": refusal.step, "reason": str(refusal)}}
    print(json.dumps(answer), flush=True)
