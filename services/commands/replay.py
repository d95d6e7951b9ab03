"""Send articles from files to articles.raw: text, JSON lines, HTML, JSON documents, WARC, and folders of these."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable

from services.commands.errors import UserError
from services.commands.sources import Source, read_all
from services.contracts.topics import RAW
from services.runtime.clients import close, make_producer
from services.runtime.cloudevents import first_headers
from services.runtime.settings import Settings, load_settings

EXAMPLES = """\
examples:
  varta replay seeds/                       five files, then the sample stream
  varta replay --rate 50 --loop seeds/sample.jsonl
  varta replay crawl.warc.gz
  zcat articles.jsonl.gz | varta replay -
"""
UNACKNOWLEDGED = 500  # how many messages may be on their way before the next is read


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `varta replay`."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files, folders or - (JSON lines or one article)")
    parser.add_argument(
        "--rate", type=float, metavar="N", help="articles a second (default: as fast as Kafka takes them)"
    )
    parser.add_argument("--loop", action="store_true", help="begin again at the end, until Ctrl-C")
    parser.add_argument("--topic", default=RAW, help=f"another topic than {RAW}")


def run(arguments: argparse.Namespace) -> int:
    """Send everything and say how much it was."""
    if arguments.rate is not None and arguments.rate <= 0:
        raise UserError(f"--rate must be above 0, it is {arguments.rate:g}")
    settings = load_settings()
    begun = time.monotonic()
    progress = _Progress()
    sent = 0
    try:
        while True:
            sent += asyncio.run(
                send(settings, read_all(arguments.paths), arguments.rate, progress.sent, topic=arguments.topic)
            )
            if not arguments.loop:
                break
    except KeyboardInterrupt:
        sent = max(sent, progress.count)
    finally:
        progress.close()
    seconds = time.monotonic() - begun
    print(f"sent {sent} articles to {arguments.topic} in {seconds:.1f} s ({sent / seconds:.0f}/s)", file=sys.stderr)
    return 0


async def send(
    settings: Settings,
    sources: Iterable[Source],
    rate: float | None = None,
    told: Callable[[int], None] = lambda _: None,
    topic: str = RAW,
) -> int:
    """Write every source to `topic` and wait for all acknowledgements; returns how many. `told` hears the count."""
    producer = make_producer(settings)
    waiting: set[asyncio.Future[object]] = set()
    count = 0
    try:
        await producer.start()
        async for source in _paced(sources, rate):
            message = source.message
            given = dict(message.headers)
            headers = first_headers(
                topic,
                message.key,
                message.value,
                source="/varta/replay",
                now_ms=time.time_ns() // 1_000_000,
                subject=source.name,
                content_type=given.pop("content-type", b"").decode() or None,
            )
            headers += given.items()
            waiting.add(await producer.send(topic, message.value, key=message.key, headers=headers))
            if len(waiting) >= UNACKNOWLEDGED:
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                _raise_first(done)
            count += 1
            told(1)
        if waiting:
            done, _ = await asyncio.wait(waiting)
            _raise_first(done)
    finally:
        await close(producer)
    return count


async def _paced(sources: Iterable[Source], rate: float | None) -> AsyncIterator[Source]:
    begun = time.monotonic()
    for number, source in enumerate(sources):
        if rate and (ahead := begun + number / rate - time.monotonic()) > 0:
            await asyncio.sleep(ahead)
        yield source


def _raise_first(done: Iterable[asyncio.Future[object]]) -> None:
    for future in done:
        future.result()


class _Progress:
    """A moving count for a person at a terminal; silent otherwise."""

    def __init__(self) -> None:
        self.count = 0
        self._shown = sys.stderr.isatty()
        self._begun = self._last = time.monotonic()

    def sent(self, more: int) -> None:
        """Count, and show at most five times a second."""
        self.count += more
        now = time.monotonic()
        if self._shown and now - self._last > 0.2:
            self._last = now
            sys.stderr.write(f"\r  {self.count} articles, {self.count / (now - self._begun):.0f}/s ")
            sys.stderr.flush()

    def close(self) -> None:
        """Leave a clean line."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
