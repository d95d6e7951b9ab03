"""The event encoder at run time: one pass over an article, then acts a sentence (see training/encoder/net.py).

The graph gives for every token its scores for two queries of each of the 16 types (the first looks for the trigger),
two values, role keys and unary role scores. Here each query attends over the tokens of each sentence and pools their
values; presence, mode and status are read from the pool, and every token of the article is matched with it for the
roles.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.knowledge.shared import models
from services.tagger.acts import Act, Text
from services.tagger.ontology import code
from services.tagger.unigram import Unigram

Floats = NDArray[np.float32]
Span = tuple[int, int]

FOLDER = models("encoder")
LONGEST = 400  # tokens of a window; the encoder has 512 positions
FLOOR = 0.05  # acts below are not worth coding
BOS, EOS = 0, 2


@dataclass(slots=True)
class _Window:
    """Whole sentences of one article that fit the encoder: `lines` are their (number, first token, end) in `ids`."""

    text: int
    ids: list[int]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    lines: list[tuple[int, int, int]]


@dataclass(slots=True)
class _Seen:
    """A window as encoded: pools [S, 16, W], presence [S, 16] as probabilities, attention of each sentence [t, 16]."""

    window: _Window
    pools: Floats
    presence: Floats
    attention: list[Floats]
    keys: Floats
    unary: Floats


def _softmax(x: Floats, axis: int) -> Floats:
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return np.asarray(e / e.sum(axis=axis, keepdims=True), np.float32)


def _sigmoid(x: Any) -> Any:
    return 1.0 / (1.0 + np.exp(-np.clip(x, -30.0, 30.0)))


def _gelu(x: Floats) -> Floats:
    """Gelu by Abramowitz and Stegun's erf (error under 2e-7)."""
    z = np.abs(x) * np.float32(0.7071067811865476)
    t = 1.0 / (1.0 + 0.3275911 * z)
    poly = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
    erf = np.sign(x) * (1.0 - poly * np.exp(-z * z))
    return np.asarray(0.5 * x * (1.0 + erf), np.float32)


class Encoder:
    """Reads articles; the model is loaded at the first text. Not to be shared between threads."""

    name = "encoder"

    def __init__(self, folder: Path = FOLDER, threads: int = 1, floor: float = FLOOR) -> None:
        self.folder, self.threads, self.floor = folder, threads, floor

    @cached_property
    def _labels(self) -> dict[str, Any]:
        labels: dict[str, Any] = json.loads((self.folder / "labels.json").read_text())
        return labels

    @cached_property
    def _heads(self) -> dict[str, Floats]:
        with np.load(self.folder / "heads.npz") as stored:
            return {name: stored[name].astype(np.float32) for name in stored.files}

    @cached_property
    def _pieces(self) -> Unigram:
        return Unigram.load(self.folder / "pieces.json")

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = self.threads, 1
        path = self.folder / "reader.onnx"
        if not path.exists():
            raise FileNotFoundError(f"no event encoder at {path}: the model files belong in models/encoder")
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def read(self, texts: Sequence[Text]) -> list[list[Act]]:
        """Acts above the floor of each text, by sentence, the likeliest type first."""
        acts: list[list[Act]] = [[] for _ in texts]
        for seen in self._encode(texts):
            acts[seen.window.text] += self._acts(seen, texts[seen.window.text])
        for found in acts:
            found.sort(key=lambda a: (a.sentence, -a.probability))
        return acts

    def dyad(
        self, texts: Sequence[str], sources: Sequence[Span | None], targets: Sequence[Span | None]
    ) -> list[dict[str, float]]:
        """For each sentence the distribution over the types of what its source does to its target, where marked."""
        whole = [Text(t, ((0, len(t)),), (), "") for t in texts]
        out: list[dict[str, float]] = [{} for _ in texts]
        for seen in self._encode(whole):
            number = seen.window.text
            kinds = np.arange(len(self._labels["types"]))
            scores = self._roles(seen, np.zeros_like(kinds), kinds)
            likely = np.log(seen.presence[0] + 1e-9)
            if source := sources[number]:
                likely += 0.5 * np.log(0.1 + _sigmoid(self._over(seen.window, scores, source))[:, 0])
            if target := targets[number]:  # of two who act together either may be marked as the target
                party = _sigmoid(self._over(seen.window, scores, target))
                likely += 0.5 * np.log(0.1 + np.maximum(party[:, 1], 0.7 * party[:, 0]))
            statuses = _softmax(seen.pools[0] @ self._heads["status"] + self._heads["status_bias"], -1)
            out[number] = self._projected(_softmax(likely.astype(np.float32), 0), statuses)
        return out

    def _projected(self, chances: Floats, statuses: Floats) -> dict[str, float]:
        """PLOVER without status: coming cooperation is AGREE, denied cooperation REJECT, coming force THREATEN."""
        types, names = self._labels["types"], self._labels["statuses"]
        out = dict.fromkeys(types, 0.0)
        for kind, chance, status in zip(types, chances, statuses, strict=True):
            coming = float(status[names.index("future")] + status[names.index("hypothetical")])
            denied = float(status[names.index("negated")])
            quad = code(kind, None).quad
            other = {"AGREE": coming, "REJECT": denied} if quad <= 2 else {"THREATEN": coming} if quad == 4 else {}
            for name, share in other.items():
                out[name] += float(chance) * share
            out[kind] += float(chance) * (1 - sum(other.values()))
        return out

    def _windows(self, number: int, text: Text) -> Iterator[_Window]:
        """Windows of whole sentences; a window after the first repeats the sentence before it."""
        ids, starts, ends = self._pieces.encode(text.text)
        at, place = np.asarray(starts, np.int32), np.asarray(ends, np.int32)
        lines = []
        for n, (a, b) in enumerate(text.sentences):
            first, end = np.searchsorted(at, a), np.searchsorted(at, b)
            if end > first:
                lines.append((n, int(first), int(min(end, first + LONGEST))))
        i = 0
        while i < len(lines):
            begin = max(i - 1, 0)
            if lines[i][2] - lines[begin][1] > LONGEST:
                begin = i
            j = i + 1
            while j < len(lines) and lines[j][2] - lines[begin][1] <= LONGEST:
                j += 1
            low, high = lines[begin][1], lines[j - 1][2]
            inside = [(n, a - low + 1, b - low + 1) for n, a, b in lines[begin:j]]
            new = [line if k >= i - begin else (-1, *line[1:]) for k, line in enumerate(inside)]
            yield _Window(number, [BOS, *ids[low:high], EOS], at[low:high], place[low:high], new)
            i = j

    def _encode(self, texts: Sequence[Text]) -> Iterator[_Seen]:
        """Windows one by one: int8 activations are scaled a call, and no article may depend on its neighbours."""
        for number, text in enumerate(texts):
            for window in self._windows(number, text):
                ids = np.array([window.ids], np.int64)
                (projected,) = self._session.run(None, {"ids": ids, "mask": np.ones(ids.shape, np.int32)})
                yield self._pool(window, projected[0])

    def _pool(self, window: _Window, tokens: Floats) -> _Seen:
        h, types = self._heads, len(self._labels["types"])
        width = h["mix"].shape[0]
        cuts = np.cumsum([types, types, width, width])
        looks, free, values, details, rest = np.split(tokens, cuts, axis=1)
        attention, pools, peaks = [], [], []
        for _, a, b in window.lines:
            weights = _softmax(looks[a:b], 0)
            attention.append(weights)
            pools.append(weights.T @ values[a:b] + _softmax(free[a:b], 0).T @ details[a:b])
            peaks.append((weights * looks[a:b]).sum(0))
        x = _gelu(np.stack(pools) + h["kind"])
        x = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5) * h["norm"] + h["norm_bias"]
        x = x + _gelu(x @ h["mix"] + h["mix_bias"])
        presence = _sigmoid((x * h["presence"]).sum(-1) + h["presence_bias"] + np.stack(peaks))
        roles = len(self._labels["roles"])
        return _Seen(window, x, presence, attention, rest[:, :-roles], rest[:, -roles:])

    def _roles(self, seen: _Seen, lines: NDArray[np.int_], kinds: NDArray[np.int_]) -> Floats:
        """Role logits [N, roles, T] of N acts given by line of the window and type."""
        h, roles = self._heads, len(self._labels["roles"])
        queries = (seen.pools[lines, kinds] @ h["query"] + h["query_bias"]).reshape(len(lines), roles, -1)
        keys = seen.keys.reshape(len(seen.keys), roles, -1)
        match = np.einsum("nrd,trd->nrt", queries, keys, optimize=True) / np.sqrt(keys.shape[-1])
        near = h["distance"].shape[1] // 2
        segment = np.full(len(seen.keys), -1)
        for i, (_, a, b) in enumerate(seen.window.lines):
            segment[a:b] = i
        away = np.clip(segment[None] - lines[:, None], -near, near) + near
        return np.asarray(match + seen.unary.T + h["distance"][:, away].transpose(1, 0, 2), np.float32)

    @staticmethod
    def _over(window: _Window, scores: Floats, span: Span) -> Floats:
        """Mean of scores [..., T] over the tokens of a span; -9 outside the window."""
        a = int(np.searchsorted(window.ends, span[0], side="right"))
        b = int(np.searchsorted(window.starts, span[1]))
        if b <= a:
            return np.full(scores.shape[:-1], -9.0, np.float32)
        return np.asarray(scores[..., a + 1 : b + 1].mean(-1), np.float32)

    def _acts(self, seen: _Seen, text: Text) -> list[Act]:
        labels, window = self._labels, seen.window
        lines, kinds = np.nonzero(seen.presence >= self.floor)
        told = np.array([window.lines[i][0] >= 0 for i in lines], bool)
        lines, kinds = lines[told], kinds[told]
        if not len(lines):
            return []
        pools = seen.pools[lines, kinds]
        modes = pools @ self._heads["mode"] + self._heads["mode_bias"]
        statuses = _softmax(pools @ self._heads["status"] + self._heads["status_bias"], -1)
        scores = self._roles(seen, lines, kinds)
        spans = [self._over(window, scores, c) for c in text.candidates]
        parties = _sigmoid(np.stack(spans, -1)) if spans else np.zeros((*scores.shape[:2], 0))
        acts = []
        for n, (line, kind) in enumerate(zip(lines, kinds, strict=True)):
            number, a, _b = window.lines[line]
            name = labels["types"][kind]
            own = [i for i, (t, _) in enumerate(labels["slots"]) if t == name]
            chances = _softmax(modes[n, own], 0)
            top = a + int(seen.attention[line][:, kind].argmax()) - 1
            acts.append(
                Act(
                    sentence=number,
                    event_type=name,
                    probability=float(seen.presence[line, kind]),
                    trigger=(int(window.starts[top]), int(window.ends[top])),
                    modes={labels["slots"][i][1]: float(p) for i, p in zip(own, chances, strict=True)},
                    statuses=dict(zip(labels["statuses"], map(float, statuses[n]), strict=True)),
                    actor=parties[n, 0].tolist(),
                    recipient=parties[n, 1].tolist(),
                    place=parties[n, 2].tolist(),
                )
            )
        return acts
