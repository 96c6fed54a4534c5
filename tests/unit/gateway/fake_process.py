"""A process for the supervisor's tests: answers 200 on a port; told so, it does not listen to SIGTERM."""

import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet: the tests read what this process says."""


if __name__ == "__main__":
    if "stubborn" in sys.argv:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    server = HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer)
    print("serving maya.lindqvist@example.com", flush=True)
    server.serve_forever()
