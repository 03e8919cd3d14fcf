"""The smallest module behind the gateway, in Python's standard library: it greets the tenant for whom it is executed.

    python3 examples/python-module/hello.py 9082
"""

import base64
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


MODULE = "mod-hello-1.0.0"


def claims(token):
    """What a token says; nothing when it is none. Only the gateway can verify it."""
    try:
        payload = token.split(".")[1]
        found = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return found if isinstance(found, dict) else {}
    except (AttributeError, IndexError, ValueError):
        return {}


class Hello(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        token = claims(self.headers["X-Okapi-Token"])
        if token.get("tenant") != self.headers["X-Okapi-Tenant"] or token.get("aud") != MODULE:
            return self.answer(400, {"error": "the token is of another tenant or for another module"})
        self.answer(200, {"hello": self.headers["X-Okapi-Tenant"], "user": self.headers["X-Okapi-User-Id"]})

    def do_POST(self):  # /_/tenant: enabled for a tenant; there is nothing to prepare
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.answer(200, {})

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
