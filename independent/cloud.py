"""
A platform with the lock of lock.py, written from docs/wire/openapi.yaml and docs/wire/webhooks.md alone. It shares no line
with the rest of this repository. `--flaw` gives it a defect.

    python3 independent/cloud.py --folder DIR --owner HEX --config FILE [--flaw NAME] [--bus ADDRESS --address MAC [--mtu N]]

The file is JSON: `clients` (id, secret, account, kind, name, scopes), `cert` and `key` (PEM files), `trust` (a PEM file
for webhooks), `hosts` (names of the laboratory: host to address). Prints the lock's public key and the port. Ends with its
input.
"""
import argparse
import base64
import hashlib
import hmac
import http.client
import http.server
import ipaddress
import json
import os
import re
import secrets
import socket
import ssl
import sys
import threading
import time
import traceback
import urllib.parse
import zoneinfo
from datetime import datetime, timedelta, timezone

sys.path.insert(0, os.path.dirname(__file__))
from crypto import public  # noqa: E402
from lock import Lock, Plant, device_port, now_ms, port, radio_options, serve  # noqa: E402

DOOR = "door_1"
OPERATE_MS, TOKEN_MS, GRACE_MS, KEPT_MS = 1000, 45_000, 10_000, 86_400_000
USERS, CREDENTIALS, PAGE, NAME_BYTES = 50, 30, 20, 64
RETRIES_S = (5, 30, 120, 600, 3600, 21_600, 86_400)
FLAWS = ["", "keeps-code", "no-scopes", "no-keys", "fresh-state", "new-push-id", "any-end", "no-denials", "own-cursor-refused",
         "follows-redirect"]

PROBLEMS = {
    "token-missing": (401, False), "token-invalid": (401, False), "scope-missing": (403, False), "not-yours": (403, False),
    "not-found": (404, False), "route-unknown": (404, False), "method-not-allowed": (405, False), "body-malformed": (400, False),
    "parameter-invalid": (400, False), "key-invalid": (400, False), "cursor-invalid": (400, False), "body-too-large": (413, False),
    "media-type": (415, False), "name-invalid": (422, False), "name-too-long": (422, False), "pin-length": (422, False),
    "pin-alphabet": (422, False), "pin-taken": (409, False), "window-inverted": (422, False), "window-empty": (422, False),
    "window-past": (422, False), "window-far": (422, False), "zone-unknown": (422, False), "user-unknown": (422, False),
    "lock-unknown": (422, False), "webhook-url": (422, False), "lock-full": (409, True), "users-full": (409, False),
    "webhooks-full": (409, False), "grant-ended": (409, False), "key-reused": (422, False), "version-stale": (412, False),
    "internal": (500, True), "unsupported": (501, False),
}
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
TIME = re.compile(
    r"(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(\.\d{1,9})?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)


class Problem(Exception):
    def __init__(self, code: str, first=None, **headers):
        super().__init__(code)
        self.code, self.first, self.headers = code, first, headers


class OAuthError(Exception):
    def __init__(self, status: int, error: str):
        super().__init__(error)
        self.status, self.error = status, error


def fresh(kind: str) -> str:
    return kind + "_" + secrets.token_hex(12)


def text(ms):
    if ms is None:
        return None
    at = datetime.fromtimestamp(ms // 1000, timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%S") + f".{ms % 1000:03d}Z"


def instant(value: str) -> int:
    found = TIME.fullmatch(value)
    if not found:
        raise Problem("body-malformed")
    whole, part, offset = found.groups()
    try:
        at = datetime.fromisoformat(whole + ("+00:00" if offset == "Z" else offset))
    except ValueError as error:
        raise Problem("body-malformed") from error
    since = at - datetime(1970, 1, 1, tzinfo=timezone.utc)
    return since // timedelta(milliseconds=1) + int(((part or ".0")[1:] + "000")[:3])


# --- bodies


def body_of(raw: bytes, media: str) -> dict:
    if len(raw) > 65_536:
        raise Problem("body-too-large")
    if media.split(";")[0].strip().lower() != "application/json":
        raise Problem("media-type")

    def refuse(word):
        raise ValueError(word)

    try:
        value = json.loads(raw.decode(), parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise Problem("body-malformed") from error
    if not isinstance(value, dict):
        raise Problem("body-malformed")
    return value


def need(good: bool, code: str = "body-malformed"):
    if not good:
        raise Problem(code)


def shaped(value, required, optional=()):
    need(isinstance(value, dict))
    need(set(required) <= set(value) <= set(required) | set(optional))


def is_count(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 1_000_000


def shape_grant(body):
    """What the schema says of the fields of a grant; values come later."""
    if "name" in body:
        need(isinstance(body["name"], str) and len(body["name"]) <= 1000)
    if "credential" in body:
        shaped(body["credential"], ["type", "pin"])
        need(body["credential"]["type"] == "pin" and isinstance(body["credential"]["pin"], str) and len(body["credential"]["pin"]) <= 64)
    if "uses" in body:
        need(body["uses"] is None or is_count(body["uses"]))
    if "suspended" in body:
        need(isinstance(body["suspended"], bool))
    if "window" in body:
        window = body["window"]
        shaped(window, ["starts_at", "ends_at", "zone", "recurrence"])
        for end in ("starts_at", "ends_at"):
            need(window[end] is None or isinstance(window[end], str))
            if window[end] is not None:
                instant(window[end])
        need(isinstance(window["zone"], str) and 1 <= len(window["zone"]) <= 60)
        need(window["recurrence"] is None or isinstance(window["recurrence"], dict))
    if body.get("uses") is not None or "suspended" in body or (body.get("window") or {}).get("recurrence") is not None:
        raise Problem("unsupported")


def name_of(name: str) -> str:
    need(bool(name) and not any(ord(c) < 32 or 127 <= ord(c) < 160 or 0xD800 <= ord(c) < 0xE000 for c in name), "name-invalid")
    need(len(name.encode()) <= NAME_BYTES, "name-too-long")
    return name


def window_of(window) -> dict:
    starts, ends = (None if window[k] is None else instant(window[k]) for k in ("starts_at", "ends_at"))
    need(window["zone"] in zoneinfo.available_timezones(), "zone-unknown")
    far = instant("2101-01-01T00:00:00Z")
    need(all(at is None or at < far for at in (starts, ends)), "window-far")
    if starts is not None and ends is not None:
        need(ends >= starts, "window-inverted")
        need(ends != starts, "window-empty")
    need(ends is None or ends > now_ms(), "window-past")
    return {"starts": starts, "ends": ends, "zone": window["zone"]}


def pin_of(pin: str) -> str:
    need(re.fullmatch("[0-9]*", pin) is not None, "pin-alphabet")
    need(4 <= len(pin) <= 8, "pin-length")
    return pin


class Platform:
    """Accounts, grants and the feed; and the hand that carries them to the lock."""

    def __init__(self, lock: Lock, config: dict, flaw: str):
        self.lock, self.flaw, self.turn = lock, flaw, threading.RLock()
        self.hosts, self.trust = config["hosts"], config["trust"]
        self.clients = {c["id"]: c for c in config["clients"]}
        self.home = config["clients"][0]["account"]
        self.tokens, self.refreshes, self.keys = {}, {}, {}
        self.users, self.grants, self.operations, self.hooks, self.events = {}, {}, {}, {}, []
        self.slots, self.read_to = {}, 0
        self.seen = (lock.bolt, now_ms())
        self.cursor_key = secrets.token_bytes(16)

    # --- the feed

    def tell(self, type_: str, account=None, **data):
        entry = {k: data.get(k) for k in ("lock", "user", "grant", "integration", "method", "device_time", "confirmed", "about", "gap")}
        event = {
            "specversion": "1.0", "id": fresh("ev"), "type": type_, "time": text(now_ms()), "datacontenttype": "application/json",
            "source": f"/v1/locks/{entry['lock']}" if entry["lock"] else "/v1", "data": entry,
        }
        self.events.append((account or self.home, event))
        for hook in self.hooks.values():
            if hook["state"] == "active" and hook["account"] == (account or self.home):
                hook["queue"].append(event)

    def about(self, grant):
        return {"account": grant["account"], "lock": DOOR, "user": grant["user"], "grant": grant["id"]}

    # --- the lock

    def reachable(self) -> bool:
        return self.lock.power and not self.lock.shaded

    def collect(self, by=None):
        for seq, clock, verb, method, slot in [r for r in self.lock.log if r[0] > self.read_to]:
            self.read_to = seq
            if self.flaw == "no-denials" and verb == "lock.denied":
                continue
            grant = self.grants.get(self.slots.get(slot)) if slot else None
            self.tell(
                verb, lock=DOOR, method=method, device_time=text(clock), confirmed=True, integration=by if method == "remote" else None,
                user=grant and grant["user"], grant=grant and grant["id"],
            )

    def carry(self):
        """One round: what the lock has to say first, then what takes away, then what gives."""
        if not self.reachable():
            if self.flaw == "fresh-state":
                self.seen = (self.seen[0], now_ms())
        else:
            self.collect()
            waiting = [g for g in self.grants.values() if g["sync"] == "pending"]
            for grant in sorted(waiting, key=lambda g: (g["wish"] != "revoked", g["slot"] is None)):
                self.deliver(grant)
            for slot, grant in [(s, self.grants[g]) for s, g in self.slots.items()]:
                if grant["ends"] is not None and grant["ends"] <= now_ms():
                    self.lock.codes.pop(slot, None)
            self.seen = (self.lock.bolt, now_ms())
        for operation in [o for o in self.operations.values() if o["state"] == "pending"]:
            if now_ms() >= operation["until"]:
                operation["state"] = "expired"
            elif self.reachable():
                self.lock.move(operation["target"], "remote", 0.03)
                operation["state"] = "done"
                self.collect(operation["by"])
                self.seen = (self.lock.bolt, now_ms())

    def deliver(self, grant):
        slot = grant["slot"]
        if grant["wish"] == "revoked":
            if slot is not None:
                del self.slots[slot]
                if self.flaw != "keeps-code":
                    self.lock.codes.pop(slot, None)
                grant["slot"] = None
            grant["sync"] = "confirmed"
            return self.tell("grant.revoked", **self.about(grant), integration=grant["by"], confirmed=True)
        if slot is None:
            slot = next(n for n in range(1, 1000) if n not in self.slots and n not in self.lock.codes)
        self.lock.codes[slot] = (grant["pin"], grant["starts"], grant["ends"])
        self.slots[slot], grant["slot"], grant["sync"] = grant["id"], slot, "confirmed"
        self.tell("grant.set", **self.about(grant), integration=grant["by"], confirmed=True)

    def run(self):
        while True:
            with self.turn:
                self.carry()
            time.sleep(0.01)

    # --- tokens

    def client(self, header: str):
        try:
            kind, word = header.split(" ", 1)
            if kind.lower() != "basic":
                raise ValueError
            id_, secret = base64.b64decode(word, validate=True).decode().split(":", 1)
        except ValueError as error:
            raise OAuthError(401, "invalid_client") from error
        found = self.clients.get(urllib.parse.unquote_plus(id_))
        good = found and hmac.compare_digest(found["secret"].encode(), urllib.parse.unquote_plus(secret).encode())
        if not good:
            raise OAuthError(401, "invalid_client")
        return found

    def pair(self, client, session: str, scopes, held):
        access, refresh = fresh("at") + secrets.token_urlsafe(16), fresh("rt") + secrets.token_urlsafe(16)
        self.tokens[access] = {"client": client["id"], "scopes": scopes, "until": now_ms() + TOKEN_MS, "session": session}
        self.refreshes[refresh] = {"client": client["id"], "scopes": held, "session": session, "spent": None, "answer": None}
        return {
            "access_token": access, "token_type": "Bearer", "expires_in": TOKEN_MS // 1000, "refresh_token": refresh, "scope": " ".join(scopes),
        }

    def token(self, client, form: dict):
        if "client_secret" in form or "client_id" in form or "grant_type" not in form:
            raise OAuthError(400, "invalid_request")
        wanted = form.get("scope", "").split(" ") if form.get("scope") else None

        def narrowed(held):
            if wanted is None:
                return held
            if not set(wanted) <= set(held):
                raise OAuthError(400, "invalid_scope")
            return [s for s in held if s in wanted]

        if form["grant_type"] == "client_credentials":
            scopes = narrowed(client["scopes"])
            return self.pair(client, fresh("se"), scopes, scopes)
        if form["grant_type"] != "refresh_token":
            raise OAuthError(400, "unsupported_grant_type")
        if "refresh_token" not in form:
            raise OAuthError(400, "invalid_request")
        found = self.refreshes.get(form["refresh_token"])
        if not found or found["client"] != client["id"]:
            raise OAuthError(400, "invalid_grant")
        if found["spent"] is not None:
            if now_ms() - found["spent"] > GRACE_MS:
                raise OAuthError(400, "invalid_grant")
            return found["answer"]
        scopes = narrowed(found["scopes"])
        found["answer"] = self.pair(client, found["session"], scopes, found["scopes"])
        found["spent"] = now_ms()
        self.tell("token.rotated", client["account"], integration=client["id"])
        return found["answer"]

    def end_token(self, client, form: dict):
        if "token" not in form:
            raise OAuthError(400, "invalid_request")
        word = form["token"]
        if word in self.tokens and self.tokens[word]["client"] == client["id"]:
            del self.tokens[word]
        if word in self.refreshes and self.refreshes[word]["client"] == client["id"]:
            session = self.refreshes.pop(word)["session"]
            self.tokens = {t: v for t, v in self.tokens.items() if v["session"] != session}

    def caller(self, header):
        if header is None or not header.lower().startswith("bearer "):
            raise Problem("token-missing")
        found = self.tokens.get(header[7:].strip())
        if not found or now_ms() >= found["until"] or found["client"] not in self.clients:
            raise Problem("token-invalid")
        return self.clients[found["client"]], found["scopes"]

    # --- how things look

    def lock_view(self):
        bolt, at = self.seen
        battery = {"percent": 100, "low": False}
        return {
            "id": DOOR, "name": "Independent door", "state": {"bolt": bolt, "evidence": "confirmed", "as_of": text(at)}, "online": True,
            "battery": battery, "clock": "synced", "zone": "Europe/Berlin", "firmware": "py-1", "serial": "IND-1", "predecessor": None,
        }

    def grant_view(self, grant, client, scopes):
        window = {"starts_at": text(grant["starts"]), "ends_at": text(grant["ends"]), "zone": grant["zone"], "recurrence": None}
        return {
            "id": grant["id"], "lock": DOOR, "user": grant["user"], "name": grant["name"], "window": window, "uses": None,
            "credential": {"type": "pin", "readback": "masked" if "pins:read" in scopes else "withheld"}, "wish": grant["wish"],
            "sync": grant["sync"], "external": grant["by"] != client["id"], "integration": grant["by"], "created_at": text(grant["created"]),
        }

    def operation_view(self, o):
        return {
            "id": o["id"], "kind": "bolt", "lock": DOOR, "target": o["target"], "state": o["state"], "cause": None,
            "created_at": text(o["created"]), "expires_at": text(o["until"]),
        }

    # --- what is asked under /v1; each answers status, body and headers

    def mine(self, kept: dict, id_: str, client):
        found = kept.get(id_)
        if not found or found["account"] != client["account"]:
            raise Problem("not-found")
        return found

    def page(self, items, query, kind: str):
        limit, start = self.limit(query), 0
        if "cursor" in query:
            start = self.place(query["cursor"], kind)
        chosen = [i for i in items if i["no"] > start][: limit + 1]
        more = len(chosen) > limit
        return chosen[:limit], self.cursor(kind, chosen[limit - 1]["no"]) if more else None

    def limit(self, query):
        if "limit" not in query:
            return PAGE
        if not re.fullmatch("[0-9]{1,4}", query["limit"]) or not 1 <= int(query["limit"]) <= 1000:
            raise Problem("parameter-invalid")
        return min(PAGE, int(query["limit"]))

    def cursor(self, kind: str, at: int) -> str:
        seal = hmac.new(self.cursor_key, f"{kind}.{at}".encode(), "sha256").hexdigest()[:16]
        return f"c{at}.{seal}"

    def place(self, word: str, kind: str) -> int:
        found = re.fullmatch(r"c([0-9]{1,20})\.[0-9a-f]{16}", word)
        if not found or self.cursor(kind, int(found[1])) != word or (self.flaw == "own-cursor-refused" and kind != "events"):
            raise Problem("cursor-invalid")
        return int(found[1])

    def ended(self, grant) -> bool:
        return grant["wish"] == "revoked" or (grant["ends"] is not None and grant["ends"] <= now_ms())

    def live(self, grant) -> bool:
        return grant["wish"] != "revoked" or grant["sync"] != "confirmed"

    def taken(self, pin: str, scopes, but=None):
        for other in self.grants.values():
            if other is not but and self.live(other) and pin in (other["pin"], other.get("old")):
                raise Problem("pin-taken", other["id"] if "grants:read" in scopes else None)

    def revoke(self, grant, by: str):
        if grant["wish"] != "revoked":
            grant["wish"], grant["sync"] = "revoked", "pending"
            self.tell("grant.revoking", **self.about(grant), integration=by)

    def add_user(self, client, body):
        name = name_of(body["name"])
        mine = [u for u in self.users.values() if u["account"] == client["account"]]
        need(len(mine) < USERS, "users-full")
        user = {"id": fresh("us"), "name": name, "account": client["account"], "by": client["id"], "no": time.monotonic_ns()}
        self.users[user["id"]] = user
        self.tell("user.added", client["account"], user=user["id"], integration=client["id"])
        return user

    def add_grant(self, client, scopes, body):
        name, pin, window = name_of(body["name"]), pin_of(body["credential"]["pin"]), window_of(body["window"])
        need(body["lock"] == DOOR and client["account"] == self.home, "lock-unknown")
        user = body["user"]
        need(user is None or (user in self.users and self.users[user]["account"] == client["account"]), "user-unknown")
        self.taken(pin, scopes)
        resident = [g for g in self.grants.values() if g["slot"] is not None and g["slot"] in self.lock.codes or g["sync"] == "pending"]
        need(len(resident) < CREDENTIALS, "lock-full")
        grant = {
            "id": fresh("gr"), "account": client["account"], "by": client["id"], "user": user, "name": name, "pin": pin, **window,
            "wish": "granted", "sync": "pending", "slot": None, "created": now_ms(), "no": time.monotonic_ns(),
        }
        self.grants[grant["id"]] = grant
        self.tell("grant.created", **self.about(grant), integration=client["id"])
        return grant

    def change_grant(self, grant, client, scopes, body):
        need(not self.ended(grant), "grant-ended")
        name = name_of(body["name"]) if "name" in body else grant["name"]
        pin = pin_of(body["credential"]["pin"]) if "credential" in body else grant["pin"]
        window = window_of(body["window"]) if "window" in body else {k: grant[k] for k in ("starts", "ends", "zone")}
        if pin != grant["pin"]:
            self.taken(pin, scopes, grant)
        carried = pin != grant["pin"] or any(window[k] != grant[k] for k in ("starts", "ends"))
        same = not carried and name == grant["name"] and window["zone"] == grant["zone"]
        grant.update(name=name, pin=pin, **window)
        if carried:
            grant["sync"] = "pending"
        if not same:
            self.tell("grant.changed", **self.about(grant), integration=client["id"])
        return 202 if carried else 200

    def add_hook(self, client, body):
        need(self.may_post(body["url"]), "webhook-url")
        mine = [h for h in self.hooks.values() if h["account"] == client["account"]]
        need(len(mine) < 20, "webhooks-full")
        secret = secrets.token_bytes(32)
        hook = {
            "id": fresh("wh"), "url": body["url"], "state": "pending", "account": client["account"], "by": client["id"], "secret": secret,
            "queue": [], "no": time.monotonic_ns(),
        }
        self.hooks[hook["id"]] = hook
        self.tell("webhook.added", client["account"], integration=client["id"])
        threading.Thread(target=self.push, args=(hook,), daemon=True).start()
        return hook

    # --- webhooks

    def addresses(self, host: str):
        if host in self.hosts:
            return [self.hosts[host]]
        found = {info[4][0] for info in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)}
        if not found or not all(ipaddress.ip_address(a.split("%")[0]).is_global for a in found):
            raise ValueError("internal")
        return sorted(found)

    def may_post(self, url: str) -> bool:
        try:
            parts = urllib.parse.urlsplit(url)
            good = parts.scheme == "https" and parts.hostname and "@" not in parts.netloc and "#" not in url and parts.port != 0
            return bool(good and url.isascii() and url.isprintable() and " " not in url and self.addresses(parts.hostname))
        except (ValueError, OSError, UnicodeError):
            return False

    def post(self, hook, event, url=None):
        """Status and body of one try; raises OSError or HTTPException where there is none."""
        parts = urllib.parse.urlsplit(url or hook["url"])
        raw, at = json.dumps(event).encode(), str(int(time.time()))
        id_ = fresh("ev") if self.flaw == "new-push-id" else event["id"]
        seal = hmac.new(hook["secret"], f"{id_}.{at}.".encode() + raw, hashlib.sha256).digest()
        context = ssl.create_default_context(cafile=self.trust)
        if self.flaw == "any-end":
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        address = self.addresses(parts.hostname)[0]
        line = http.client.HTTPSConnection(parts.hostname, parts.port or 443, timeout=10)
        try:
            bare = socket.create_connection((address, parts.port or 443), timeout=10)
            line.sock = context.wrap_socket(bare, server_hostname=parts.hostname)
            line.request("POST", parts.path + (f"?{parts.query}" if parts.query else ""), raw, {
                "content-type": "application/cloudevents+json", "webhook-id": id_, "webhook-timestamp": at,
                "webhook-signature": "v1," + base64.b64encode(seal).decode(),
            })
            answer = line.getresponse()
            if self.flaw == "follows-redirect" and 300 <= answer.status < 400 and not url:
                return self.post(hook, event, answer.getheader("location"))
            return answer.status, answer.read(65_536)
        finally:
            line.close()

    def delivered(self, hook, event, good) -> bool:
        for wait in (0, *RETRIES_S):
            until = time.monotonic() + wait
            while time.monotonic() < until and hook["id"] in self.hooks:
                time.sleep(0.05)
            if hook["id"] not in self.hooks:
                return False
            try:
                if good(*self.post(hook, event)):
                    return True
            except (OSError, http.client.HTTPException, ValueError):
                pass
        with self.turn:
            hook["state"] = "off"
            self.tell("webhook.removed", hook["account"], integration=hook["by"])
        return False

    def push(self, hook):
        word = secrets.token_urlsafe(24)
        challenge = {
            "specversion": "1.0", "id": fresh("ev"), "type": "webhook.challenge", "source": "/v1", "time": text(now_ms()),
            "datacontenttype": "application/json",
            "data": {**dict.fromkeys(["lock", "user", "grant", "integration", "method", "device_time", "confirmed", "about", "gap"]), "challenge": word},
        }

        def proven(status, raw):
            try:
                said = json.loads(raw)
                return status == 200 and isinstance(said, dict) and said.get("challenge") == word
            except ValueError:
                return False

        time.sleep(0.05)
        if not self.delivered(hook, challenge, proven):
            return
        with self.turn:
            hook["state"] = "active"
        while hook["id"] in self.hooks and hook["state"] == "active":
            if not hook["queue"]:
                time.sleep(0.01)
            elif self.delivered(hook, hook["queue"][0], lambda status, _: 200 <= status < 300):
                hook["queue"].pop(0)


# --- HTTP

ROUTES = [
    ("/v1/me", {"GET": None}), ("/v1/locks", {"GET": "locks:read"}), ("/v1/locks/{lock}", {"GET": "locks:read"}),
    ("/v1/locks/{lock}/operations", {"POST": "locks:operate"}), ("/v1/operations/{operation}", {"GET": "locks:read"}),
    ("/v1/locks/{lock}/replacement", {"POST": "locks:write"}), ("/v1/locks/{lock}/firmware", {"POST": "locks:write"}),
    ("/v1/users", {"GET": "users:read", "POST": "users:write"}),
    ("/v1/users/{user}", {"GET": "users:read", "PATCH": "users:write", "DELETE": "users:write"}),
    ("/v1/grants", {"GET": "grants:read", "POST": "grants:write"}),
    ("/v1/grants/{grant}", {"GET": "grants:read", "PATCH": "grants:write", "DELETE": "grants:write"}),
    ("/v1/events", {"GET": "events:read"}), ("/v1/webhooks", {"GET": "events:read", "POST": "webhooks:write"}),
    ("/v1/webhooks/{webhook}", {"GET": "events:read", "DELETE": "webhooks:write"}), ("/v1/parties", {"GET": "parties:read"}),
    ("/v1/integrations/{integration}", {"DELETE": "parties:write"}),
]


def tag(view) -> str:
    return '"' + hashlib.sha256(json.dumps(view, sort_keys=True).encode()).hexdigest()[:24] + '"'


def routed(path: str):
    for pattern, methods in ROUTES:
        want, have = pattern.split("/"), path.split("/")
        if len(want) == len(have) and all(w == h or (w[0:1] == "{" and h) for w, h in zip(want, have)):
            return pattern, methods, next((h for w, h in zip(want, have) if w[0:1] == "{"), None)
    raise Problem("route-unknown")


def answer(p: Platform, method: str, path: str, query: dict, headers, raw: bytes):
    pattern, methods, id_ = routed(path)
    if method not in methods:
        raise Problem("method-not-allowed", Allow=", ".join(methods))
    client, scopes = p.caller(headers.get("Authorization"))
    if methods[method] not in (None, *scopes) and p.flaw != "no-scopes":
        raise Problem("scope-missing")
    home = client["account"] == p.home
    kept = {"{user}": p.users, "{grant}": p.grants, "{webhook}": p.hooks, "{operation}": p.operations}
    thing = None
    if "{lock}" in pattern and (id_ != DOOR or not home):
        raise Problem("not-found")
    if "{integration}" in pattern:
        thing = p.clients.get(id_)
        if not thing or thing["account"] != client["account"]:
            raise Problem("not-found")
    for word, things in kept.items():
        if word in pattern:
            thing = p.mine(things, id_, client)
    body = body_of(raw, headers.get("Content-Type", "")) if method in ("POST", "PATCH") else None
    if body is not None:
        check_shape(pattern, method, body)
    if method == "POST":
        return with_key(p, client, scopes, pattern, path, headers.get("Idempotency-Key"), body)
    if method == "GET":
        return read(p, client, scopes, pattern, query, thing)
    if "{integration}" in pattern:
        for grant in [g for g in p.grants.values() if g["by"] == id_]:
            p.revoke(grant, client["id"])
        del p.clients[id_]
        p.tell("integration.removed", client["account"], integration=id_)
        return 204, None, {}
    if thing["by"] != client["id"]:
        raise Problem("not-yours")
    wanted = headers.get("If-Match")
    if wanted is not None and wanted.strip() not in ("*", tag(view(p, client, scopes, pattern, thing))):
        raise Problem("version-stale")
    status = write(p, client, scopes, pattern, method, thing, body)
    if status == 204:
        return 204, None, {}
    seen = view(p, client, scopes, pattern, thing)
    return status, seen, {"ETag": tag(seen)}


def check_shape(pattern: str, method: str, body):
    if pattern.startswith("/v1/users"):
        shaped(body, ["name"])
        need(isinstance(body["name"], str) and len(body["name"]) <= 1000)
    elif pattern == "/v1/grants":
        shaped(body, ["lock", "user", "name", "credential", "window", "uses"])
        need(isinstance(body["lock"], str) and ID.fullmatch(body["lock"]) is not None)
        need(body["user"] is None or (isinstance(body["user"], str) and ID.fullmatch(body["user"]) is not None))
        shape_grant(body)
    elif pattern == "/v1/grants/{grant}":
        shaped(body, [], ["name", "credential", "window", "uses", "suspended"])
        need(len(body) > 0)
        shape_grant(body)
    elif pattern.endswith("/operations"):
        shaped(body, ["target"])
        need(body["target"] in ("locked", "unlocked"))
    elif pattern == "/v1/webhooks":
        shaped(body, ["url"])
        need(isinstance(body["url"], str) and 1 <= len(body["url"]) <= 500)
    else:
        raise Problem("unsupported")


def view(p: Platform, client, scopes, pattern: str, thing):
    if "grant" in pattern:
        return p.grant_view(thing, client, scopes)
    if "user" in pattern:
        return {"id": thing["id"], "name": thing["name"]}
    if "webhook" in pattern:
        return {"id": thing["id"], "url": thing["url"], "state": thing["state"]}
    return p.operation_view(thing)


def with_key(p: Platform, client, scopes, pattern: str, path: str, key, body):
    if key is not None and not re.fullmatch(r"[\x21-\x7e]{1,128}", key):
        raise Problem("key-invalid")
    known = None if key is None or p.flaw == "no-keys" else p.keys.get((client["id"], key))
    if known and now_ms() - known["at"] < KEPT_MS:
        if (known["path"], known["body"]) != (path, body):
            raise Problem("key-reused", known["answer"][1].get("id"))
        status, said, headers = known["answer"]
        return status, said, {**headers, "Idempotency-Replayed": "true"}
    made = create(p, client, scopes, pattern, body)
    if key is not None:
        p.keys[(client["id"], key)] = {"at": now_ms(), "path": path, "body": body, "answer": made}
    return made


def create(p: Platform, client, scopes, pattern: str, body):
    if pattern == "/v1/users":
        user = p.add_user(client, body)
        seen = view(p, client, scopes, pattern, user)
        return 201, seen, {"ETag": tag(seen), "Location": "/v1/users/" + user["id"]}
    if pattern == "/v1/grants":
        grant = p.add_grant(client, scopes, body)
        seen = view(p, client, scopes, pattern, grant)
        return 202, seen, {"ETag": tag(seen), "Location": "/v1/grants/" + grant["id"]}
    if pattern == "/v1/webhooks":
        hook = p.add_hook(client, body)
        seen = view(p, client, scopes, pattern, hook)
        return 201, {**seen, "secret": "whsec_" + base64.b64encode(hook["secret"]).decode()}, {
            "Location": "/v1/webhooks/" + hook["id"], "Cache-Control": "no-store",
        }
    operation = {
        "id": fresh("op"), "target": body["target"], "state": "pending", "by": client["id"], "created": now_ms(),
        "until": now_ms() + OPERATE_MS, "account": client["account"],
    }
    p.operations[operation["id"]] = operation
    return 202, p.operation_view(operation), {"Location": "/v1/operations/" + operation["id"]}


def read(p: Platform, client, scopes, pattern: str, query, thing):
    mine = lambda kept: [t for t in kept.values() if t["account"] == client["account"]]
    if pattern == "/v1/me":
        return 200, {"account": client["account"], "integration": client["id"], "scopes": scopes}, {}
    if pattern == "/v1/locks/{lock}":
        return 200, p.lock_view(), {}
    if pattern == "/v1/events":
        limit = p.limit(query)
        start = p.place(query["after"], "events") if "after" in query else 0
        items, at = [], start
        for no, (account, event) in enumerate(p.events[start:], start + 1):
            if len(items) == limit:
                break
            at = no
            if account == client["account"]:
                items.append(event)
        return 200, {"items": items, "next": p.cursor("events", at), "horizon": None}, {}
    if thing is not None:
        seen = view(p, client, scopes, pattern, thing)
        return 200, seen, {"ETag": tag(seen)} if pattern in ("/v1/users/{user}", "/v1/grants/{grant}") else {}
    if pattern == "/v1/locks":
        items, next_ = p.page([{"no": 1}] if client["account"] == p.home else [], query, pattern)
        return 200, {"items": [p.lock_view() for _ in items], "next": next_}, {}
    if pattern == "/v1/parties":
        everybody = [{**c, "no": n} for n, c in enumerate(p.clients.values(), 1) if c["account"] == client["account"]]
        items, next_ = p.page(everybody, query, pattern)
        return 200, {"items": [{k: c[k] for k in ("id", "kind", "name", "scopes")} for c in items], "next": next_}, {}
    if pattern == "/v1/grants":
        want = query.get("lock")
        if want is not None and not ID.fullmatch(want):
            raise Problem("parameter-invalid")
        things = [g for g in mine(p.grants) if p.live(g) and want in (None, DOOR)]
    else:
        things = mine(p.users if pattern == "/v1/users" else p.hooks)
    items, next_ = p.page(things, query, pattern + query.get("lock", ""))
    return 200, {"items": [view(p, client, scopes, pattern, t) for t in items], "next": next_}, {}


def write(p: Platform, client, scopes, pattern: str, method: str, thing, body) -> int:
    if "{webhook}" in pattern:
        del p.hooks[thing["id"]]
        p.tell("webhook.removed", client["account"], integration=client["id"])
        return 204
    if "{user}" in pattern and method == "DELETE":
        for grant in [g for g in p.grants.values() if g["user"] == thing["id"]]:
            p.revoke(grant, client["id"])
        del p.users[thing["id"]]
        p.tell("user.removed", client["account"], user=thing["id"], integration=client["id"])
        return 204
    if "{user}" in pattern:
        name = name_of(body["name"])
        if name != thing["name"]:
            thing["name"] = name
            p.tell("user.changed", client["account"], user=thing["id"], integration=client["id"])
        return 200
    if method == "PATCH":
        return p.change_grant(thing, client, scopes, body)
    p.revoke(thing, client["id"])
    return 200 if thing["sync"] == "confirmed" else 202


def handler_for(p: Platform):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version, sys_version = "independent", ""

        def log_message(self, *_):
            """Nothing of what callers say is logged."""

        def say(self, status: int, media: str, value, headers):
            raw = b"" if value is None else json.dumps(value).encode()
            self.send_response(status)
            if value is not None:
                self.send_header("Content-Type", media)
            self.send_header("Strict-Transport-Security", "max-age=31536000")
            for name, text_ in headers.items():
                self.send_header(name, text_)
            if status != 204:
                self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def refuse(self, problem: Problem):
            status, again = PROBLEMS[problem.code]
            headers = dict(problem.headers)
            if status == 401:
                headers["WWW-Authenticate"] = "Bearer" if problem.code == "token-missing" else 'Bearer error="invalid_token"'
            self.say(status, "application/problem+json", {
                "type": "/problems/" + problem.code, "title": problem.code.replace("-", " "), "status": status, "code": problem.code,
                "retryable": again, "first": problem.first,
            }, headers)

        def oauth(self, path: str, raw: bytes):
            try:
                fields = urllib.parse.parse_qsl(raw.decode(), keep_blank_values=True)
                form = dict(fields)
                if len(form) < len(fields):
                    raise OAuthError(400, "invalid_request")
                client = p.client(self.headers.get("Authorization", ""))
                if path == "/oauth/revoke":
                    p.end_token(client, form)
                    return self.say(200, "", None, {"Cache-Control": "no-store"})
                self.say(200, "application/json", p.token(client, form), {"Cache-Control": "no-store"})
            except UnicodeDecodeError:
                self.say(400, "application/json", {"error": "invalid_request"}, {"Cache-Control": "no-store"})
            except OAuthError as error:
                more = {"WWW-Authenticate": 'Basic realm="oauth"'} if error.status == 401 else {}
                self.say(error.status, "application/json", {"error": error.error}, {"Cache-Control": "no-store", **more})

        def serve_one(self):
            size = int(self.headers.get("Content-Length") or 0)
            raw = self.rfile.read(min(size, 70_000))
            if size > 70_000:
                self.close_connection = True
            parts = urllib.parse.urlsplit(self.path)
            with p.turn:
                if self.command == "POST" and parts.path in ("/oauth/token", "/oauth/revoke"):
                    return self.oauth(parts.path, raw)
                try:
                    query = dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True))
                    answered = answer(p, self.command, parts.path, query, self.headers, raw)
                except Problem as problem:
                    return self.refuse(problem)
                except Exception:  # noqa: BLE001 - whatever it is, the caller gets a plain refusal
                    traceback.print_exc()
                    return self.refuse(Problem("internal"))
            status, value, headers = answered
            self.say(status, "application/json", value, headers)

        do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = serve_one

    return Handler


class Server(http.server.ThreadingHTTPServer):
    """TLS is shaken in the connection's own thread: who does not speak it holds up nobody."""

    daemon_threads = True
    context = None

    def finish_request(self, request, client_address):
        request.settimeout(60)
        request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().finish_request(self.context.wrap_socket(request, server_side=True), client_address)

    def handle_error(self, request, client_address):
        """A peer that hangs up or speaks no TLS is no news."""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--owner", required=True, help="the owner's public key, 64 hex digits")
    parser.add_argument("--config", required=True)
    parser.add_argument("--flaw", default="", choices=FLAWS)
    radio_options(parser)
    given = parser.parse_args()
    with open(given.config, encoding="utf-8") as file:
        config = json.load(file)
    plant_port = port(os.path.join(given.folder, "plant"))
    plant = None
    lock = Lock(bytes.fromhex(given.owner), "", lambda: plant.moved())
    plant = Plant(lock, lambda data: os.write(plant_port, data))
    platform = Platform(lock, config, given.flaw)
    device = device_port(given, lock, platform.turn)
    server = Server(("127.0.0.1", 0), handler_for(platform))
    server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.context.minimum_version = ssl.TLSVersion.TLSv1_2
    server.context.load_cert_chain(config["cert"], config["key"])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    threading.Thread(target=platform.run, daemon=True).start()
    print(f"{public(lock.secret).hex()} {server.server_address[1]}", flush=True)
    serve(lock, plant, device, plant_port, platform.turn)


if __name__ == "__main__":
    main()
