"""The smallest module behind the gateway, in Python's standard library: it greets the tenant for whom it is executed.

    python3 examples/python-module/hello.py 9082

With RUMBRELLA_INSTANCE_SECRET in the environment it answers the gateway alone, and signs what it asks the gateway.
"""

import base64
import hmac
import json
import os
import sys
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


MODULE = "mod-hello-1.0.0"
SECRET = os.environ.get("RUMBRELLA_INSTANCE_SECRET", "")


def claims(token):
    """What a token says; nothing when it is none. Only the gateway can verify it."""
    try:
        payload = token.split(".")[1]
        found = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return found if isinstance(found, dict) else {}
    except (AttributeError, IndexError, ValueError):
        return {}


def signature(sender, method, path, headers, seconds):
    """The value of X-Rumbrella-Signature; the sender is "gateway" or "module"."""
    okapi = sorted(f"{name.lower()}:{value}" for name, value in headers if name.lower().startswith("x-okapi-"))
    text = "\n".join([sender, str(seconds), method, path, *okapi])
    return f"t={seconds},v1={hmac.new(SECRET.encode(), text.encode('latin-1'), 'sha256').hexdigest()}"


class Hello(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if not self.is_from_gateway():
            return self.answer(401, {"error": "the signature is not the gateway's"})
        token = claims(self.headers["X-Okapi-Token"])
        if token.get("tenant") != self.headers["X-Okapi-Tenant"] or token.get("aud") != MODULE:
            return self.answer(400, {"error": "the token is of another tenant or for another module"})
        if self.path == "/hello/name":
            return self.answer(*self.ask(f"/users/{self.headers['X-Okapi-User-Id']}"))
        self.answer(200, {"hello": self.headers["X-Okapi-Tenant"], "user": self.headers["X-Okapi-User-Id"]})

    def do_POST(self):  # /_/tenant: enabled for a tenant; there is nothing to prepare
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        if not self.is_from_gateway():
            return self.answer(401, {"error": "the signature is not the gateway's"})
        self.answer(200, {})

    def is_from_gateway(self):
        given = self.headers.get("X-Rumbrella-Signature", "")
        seconds = given[2:].split(",")[0]
        if SECRET == "":
            return True
        if not seconds.isdecimal() or abs(time.time() - int(seconds)) > 120:
            return False
        expected = signature("gateway", self.command, self.path, self.headers.items(), int(seconds))
        return hmac.compare_digest(expected.encode(), given.encode("latin-1"))

    def ask(self, path):
        """Asks another module through the gateway, for the same tenant: status and greeting by name."""
        headers = {name: self.headers[name] for name in ("X-Okapi-Tenant", "X-Okapi-Token", "X-Okapi-Request-Id")}
        if SECRET != "":
            headers["X-Rumbrella-Signature"] = signature("module", "GET", path, headers.items(), int(time.time()))
        try:
            request = urllib.request.Request(self.headers["X-Okapi-Url"] + path, headers=headers)
            with urllib.request.urlopen(request, timeout=10) as answer:
                return 200, {"hello": json.load(answer)["username"]}
        except urllib.error.HTTPError as error:
            return 502, {"error": f"the gateway answered {error.code}: {error.read().decode()}"}

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 9082), Hello)
    print(f"hello answers on {server.server_port}", flush=True)
    server.serve_forever()
