"""A worker's own port: /metrics, /healthz and /readyz, answered by a thread that a busy event loop cannot hold up."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from services.runtime.health import Health
from services.runtime.metrics import Metrics
from services.runtime.settings import Settings, SettingsError


class Server:
    """Serves until stopped; `port` is the port it listens on."""

    def __init__(self, settings: Settings, metrics: Metrics, health: Health, stages: list[str]) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                if path == "/metrics":
                    self._answer(200, CONTENT_TYPE_LATEST, generate_latest(metrics.registry))
                elif path == "/healthz":
                    self._json(*health.healthy())
                elif path == "/readyz":
                    self._json(*health.ready(stages))
                else:
                    self._answer(404, "text/plain", b"/metrics /healthz /readyz\n")

            def _json(self, good: bool, body: dict[str, object]) -> None:
                self._answer(200 if good else 503, "application/json", json.dumps(body).encode() + b"\n")

            def _answer(self, status: int, kind: str, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Scrapes are no news."""

        try:
            self._server = ThreadingHTTPServer((settings.metrics_host, settings.metrics_port), Handler)
        except OSError as error:
            raise SettingsError(
                f"VARTA_METRICS_PORT: cannot listen on {settings.metrics_host}:{settings.metrics_port} "
                f"({error.strerror}); choose another, or 0 for any free port"
            ) from error
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, name="metrics", daemon=True).start()

    def stop(self) -> None:
        """Close the port."""
        self._server.shutdown()
        self._server.server_close()
