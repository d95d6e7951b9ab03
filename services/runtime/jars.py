"""The jars of a real Apache Kafka: pinned by Maven coordinate and sha256, fetched once, kept in a user cache.

`python -m services.runtime.jars` fetches them ahead of time; `python -m services.runtime.jars lock` rewrites the lock
file after COORDINATES below was changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

LOCK = Path(__file__).parent / "data" / "kafka.lock.json"
# slf4j-simple puts the broker's own words into a log file; Kafka brings no binding of its own
COORDINATES = ("org.apache.kafka:kafka_2.13:4.3.1", "org.slf4j:slf4j-simple:1.7.36")


class JarError(RuntimeError):
    """A jar could not be had; the message says which and the way out."""


@dataclass(frozen=True, slots=True)
class Jar:
    """A pinned jar: `group:artifact:version`, its sha256 and size in bytes."""

    coordinate: str
    sha256: str
    size: int

    @property
    def filename(self) -> str:
        """Name in the cache, unique and plain to read."""
        _, artifact, jar_version = self.coordinate.split(":")
        return f"{artifact}-{jar_version}.jar"


def cache_folder() -> Path:
    """Where Varta keeps what it fetched: VARTA_CACHE, else ~/.cache/varta."""
    given = os.environ.get("VARTA_CACHE")
    return Path(given).expanduser() if given else Path.home() / ".cache" / "varta"


def locked_jars() -> list[Jar]:
    """The jars of the lock file."""
    return [Jar(**entry) for entry in json.loads(LOCK.read_text())["jars"]]


def kafka_jars(say: Callable[[str], None] = lambda _: None) -> list[Path]:
    """Paths of all pinned jars, fetched and verified as needed.

    A jar that is missing, half downloaded or altered is fetched again. `say` is told when something is downloaded.
    Raises JarError when a jar cannot be fetched or is not the pinned one.
    """
    folder = cache_folder() / "kafka"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise JarError(f"cannot write the jar cache {folder}: {error}. Set VARTA_CACHE to a folder you own.") from error
    jars = locked_jars()
    missing = [jar for jar in jars if not _is_whole(folder / jar.filename, jar)]
    if missing:
        say(f"fetching {len(missing)} jars of Apache Kafka ({sum(j.size for j in missing) / 1e6:.0f} MB) into {folder}")
        with ThreadPoolExecutor(max_workers=6) as pool:
            list(pool.map(lambda jar: _fetch(jar, folder), missing))
    return [folder / jar.filename for jar in jars]


def _is_whole(path: Path, jar: Jar) -> bool:
    """True when the file is the pinned jar. Size is looked at first: a half-downloaded jar costs no hashing."""
    try:
        if path.stat().st_size != jar.size:
            return False
        return hashlib.sha256(path.read_bytes()).hexdigest() == jar.sha256
    except FileNotFoundError:
        return False


def _fetch(jar: Jar, folder: Path) -> None:
    """Download into a private folder, verify, then move into place, so that runs at the same time see no half jar."""
    from jgo.maven import MavenContext

    group, artifact, jar_version = jar.coordinate.split(":")
    problem = ""
    for _ in range(3):
        with tempfile.TemporaryDirectory(dir=folder, prefix=".part-") as part:
            try:
                context = MavenContext(repo_cache=Path(part), timeout=60)
                path = context.project(group, artifact).at_version(jar_version).artifact().resolve()
            except Exception as error:  # jgo raises what its HTTP client raises
                problem = f"{type(error).__name__}: {error}"
                continue
            if _is_whole(path, jar):
                os.replace(path, folder / jar.filename)
                return
            problem = f"what arrived has sha256 {hashlib.sha256(path.read_bytes()).hexdigest()}, pinned is {jar.sha256}"
    raise JarError(
        f"cannot fetch {jar.coordinate} for the embedded Kafka: {problem}. Check the network or proxy and try again, "
        f"put the jar at {folder / jar.filename} by hand, or set KAFKA_BOOTSTRAP_SERVERS to a Kafka you already run."
    )


def _resolve() -> Iterator[Jar]:
    """All jars that COORDINATES need, with their sums, as the lock file lists them."""
    from jgo.maven import MavenContext

    context = MavenContext(timeout=60)
    resolved = []
    for coordinate in COORDINATES:
        direct, transitive = context.resolver.resolve([context.create_dependency(coordinate)])
        resolved += [*direct, *(d for d in transitive if d.scope in ("compile", "runtime"))]
    seen: set[str] = set()
    for dependency in resolved:
        name = f"{dependency.groupId}:{dependency.artifactId}:{dependency.version}"
        if name not in seen:
            seen.add(name)
            data = dependency.artifact.resolve().read_bytes()
            yield Jar(name, hashlib.sha256(data).hexdigest(), len(data))


def main(arguments: list[str]) -> int:
    """Fetch all jars, or rewrite the lock file (`lock`)."""
    if arguments == ["lock"]:
        jars = list(_resolve())
        entries = [{"coordinate": j.coordinate, "sha256": j.sha256, "size": j.size} for j in jars]
        LOCK.write_text(
            json.dumps({"kafka": COORDINATES[0], "made_with": f"jgo {version('jgo')}", "jars": entries}, indent=1)
            + "\n"
        )
        print(f"{len(entries)} jars, {sum(j.size for j in jars) / 1e6:.1f} MB")
        return 0
    for path in kafka_jars(print):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
