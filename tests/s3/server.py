"""An S3 server on loopback (moto's) that counts requests and can fail, or kill a process, at one of them.

``PUT /_fault?at=17&method=PUT&kill=4711`` sends SIGKILL to the process group 4711 at the 17th PUT from now on,
which the store does not carry out; with ``code=503`` that request and all later ones are answered so
instead. ``GET /_count`` tells how many there were, in all and in each folder of a bucket.
Prints its address and runs until its standard input ends.
"""

import json
import os
import signal
import sys
import threading
from collections import Counter
from urllib.parse import parse_qs

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server


class Quiet(WSGIRequestHandler):
    def log(self, *args):
        pass


class Faults:
    """The S3 application behind a counter."""

    def __init__(self):
        self.app = DomainDispatcherApplication(create_backend_app)
        self.lock = threading.Lock()
        self.counts = Counter()
        self.fault = {}

    def __call__(self, environ, start):
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if path == "/_fault":
            with self.lock:
                self.fault = {key: values[0] for key, values in parse_qs(environ["QUERY_STRING"]).items()}
                self.counts.clear()
            start("200 OK", [])
            return [b""]
        if path == "/_count":
            start("200 OK", [])
            return [json.dumps(self.counts).encode()]
        with self.lock:
            self.counts[method] += 1
            self.counts[f"{method} in {''.join(path.split('/')[2:3])}"] += 1
            self.counts["bytes-in"] += int(environ.get("CONTENT_LENGTH") or 0)
            due = self.fault.get("method") == method and self.counts[method] >= int(self.fault["at"])
        if due and "kill" in self.fault:
            os.killpg(int(self.fault.pop("kill")), signal.SIGKILL)
            start("500 Killed", [])  # a store drops a request whose sender is gone; what had arrived of it is a race
            return [b""]
        if due and "code" in self.fault:
            start(f"{self.fault['code']} Failed", [("Content-Type", "application/xml")])
            return [f"<Error><Code>{self.fault['error']}</Code><Message>no</Message></Error>".encode()]
        return self.app(environ, start)


if __name__ == "__main__":
    server = make_server("127.0.0.1", 0, Faults(), threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.port}", flush=True)
    sys.stdin.read()
