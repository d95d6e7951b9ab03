"""Write a trained reader as one int8 ONNX file and a file of head weights, and compare it with the PyTorch model.

    python export.py BASE MODEL OUT_DIR TEXTS.jsonl...

The graph takes `ids` (int64) and `mask` (int32), both [B, T], and gives `projected` [B, T, 2 x 16 + 2 WIDTH + 3 RANK +
3]: for each token the scores of both queries, both values, the role keys and the unary role scores; `heads.npz` holds
what is applied to them a sentence. Layers are quantised dynamically with int8 weights a channel, after moving the
outliers of their inputs, as seen on some articles, into the weights; the word table has one scale a row.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import oracle
import torch
from gold import ROLES, SLOTS, STATUSES, TYPES, Doc, read
from net import Reader
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from services.tagger.unigram import Unigram

FUSED = "com.microsoft"
SMOOTH = 0.65  # how much of an input's outliers goes into the weights before quantising


class Graph:
    """A list of nodes and weights under construction."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def weight(self, name: str, value: torch.Tensor | np.ndarray) -> str:
        array = value.detach().numpy() if isinstance(value, torch.Tensor) else value
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(self, op: str, inputs: list[str], output: str, domain: str = "", **attributes: Any) -> str:
        self.nodes.append(helper.make_node(op, inputs, [output], domain=domain, **attributes))
        return output


def peaks(model: Reader, tokenizer: Unigram, docs: list[Doc]) -> dict[nn.Linear, torch.Tensor]:
    """The largest absolute input of each channel of each linear map of the layers, over some documents."""
    seen: dict[nn.Linear, torch.Tensor] = {}

    def watch(module: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        assert isinstance(module, nn.Linear)
        peak = inputs[0].detach().abs().flatten(0, -2).max(0).values
        seen[module] = torch.maximum(seen[module], peak) if module in seen else peak

    hooks = [m.register_forward_pre_hook(watch) for m in model.encoder.layers.modules() if isinstance(m, nn.Linear)]
    oracle.trained(model, tokenizer, docs, size=1)
    for hook in hooks:
        hook.remove()
    return seen


def smooth(g: Graph, x: str, name: str, weight: torch.Tensor, peak: torch.Tensor) -> tuple[str, torch.Tensor]:
    """Move the outliers of an input into the weight (SmoothQuant): x / s and s * weight, weight [in, out]."""
    scale = peak.clamp_min(1e-4) ** SMOOTH / weight.abs().max(1).values.clamp_min(1e-4) ** (1 - SMOOTH)
    return g.node("Mul", [x, g.weight(name, 1 / scale)], name + "x"), weight * scale[:, None]


def encoder(g: Graph, model: Reader, peak: dict[nn.Linear, torch.Tensor]) -> str:
    """Add the encoder without its word table: from `embedded` [B, T, hidden] and `mask` to states."""
    e = model.encoder
    eps, heads = e.meta["eps"], e.meta["heads"]
    g.node("Shape", ["ids"], "shape")
    g.node("Gather", ["shape", g.weight("one", np.array([1]))], "length")
    g.node("Slice", [g.weight("positions", e.pos.weight), g.weight("zero", np.array([0])), "length"], "position")
    g.node("Add", ["embedded", "position"], "summed")
    x = g.node(
        "LayerNormalization", ["summed", g.weight("eg", e.ln.weight), g.weight("eb", e.ln.bias)], "x", epsilon=eps
    )
    for i, layer in enumerate(e.layers):
        p = f"layer{i}_"
        qkv = torch.cat([layer.q.weight.T, layer.k.weight.T, layer.v.weight.T], 1)
        bias = torch.cat([layer.q.bias, layer.k.bias, layer.v.bias])
        y, qkv = smooth(g, x, p + "sa", qkv, peak[layer.q])
        inputs = [y, g.weight(p + "qkv", qkv), g.weight(p + "qkvb", bias), "mask"]
        a = g.node("Attention", inputs, p + "a", FUSED, num_heads=heads)
        o = g.node("MatMul", [a, g.weight(p + "ao", layer.ao.weight.T)], p + "o")
        norm = [g.weight(p + "ag", layer.aln.weight), g.weight(p + "ab", layer.aln.bias)]
        x = g.node(
            "SkipLayerNormalization", [o, x, *norm, g.weight(p + "aob", layer.ao.bias)], p + "x", FUSED, epsilon=eps
        )
        y, fi = smooth(g, x, p + "si", layer.fi.weight.T, peak[layer.fi])
        f = g.node("MatMul", [y, g.weight(p + "fi", fi)], p + "f")
        f = g.node("BiasGelu", [f, g.weight(p + "fib", layer.fi.bias)], p + "g", FUSED)
        y, fo = smooth(g, f, p + "so", layer.fo.weight.T, peak[layer.fo])
        f = g.node("MatMul", [y, g.weight(p + "fo", fo)], p + "h")
        norm = [g.weight(p + "og", layer.oln.weight), g.weight(p + "ob", layer.oln.bias)]
        x = g.node(
            "SkipLayerNormalization", [f, x, *norm, g.weight(p + "fob", layer.fo.bias)], p + "y", FUSED, epsilon=eps
        )
    return x


def build(model: Reader, peak: dict[nn.Linear, torch.Tensor]) -> onnx.ModelProto:
    """The graph with fp32 layers and an int8 word table."""
    g = Graph()
    table = model.encoder.word.weight.detach().numpy()
    scale = np.abs(table).max(1, keepdims=True) / 127 + 1e-12
    g.node("Gather", [g.weight("word", np.round(table / scale).astype(np.int8)), "ids"], "picked")
    g.node("Gather", [g.weight("scale", scale.astype(np.float32)), "ids"], "sized")
    g.node("Cast", ["picked"], "floated", to=TensorProto.FLOAT)
    g.node("Mul", ["floated", "sized"], "embedded")
    x = encoder(g, model, peak)
    parts = [model.trigger, model.content, model.value, model.detail, model.key, model.unary]
    weight, bias = torch.cat([m.weight for m in parts]).T, torch.cat([m.bias for m in parts])
    g.node("MatMul", [x, g.weight("project", weight)], "unbiased")
    g.node("Add", ["unbiased", g.weight("projectb", bias)], "projected")
    sizes = ["B", "T"]
    inputs = [
        helper.make_tensor_value_info("ids", TensorProto.INT64, sizes),
        helper.make_tensor_value_info("mask", TensorProto.INT32, sizes),
    ]
    output = helper.make_tensor_value_info("projected", TensorProto.FLOAT, [*sizes, len(bias)])
    graph = helper.make_graph(g.nodes, "reader", inputs, [output], g.weights)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(FUSED, 1)]
    made = helper.make_model(graph, opset_imports=opsets)
    made.ir_version = 8
    return made


def heads(model: Reader) -> dict[str, np.ndarray]:
    """What is applied a sentence, as fp16 matrices of shape [in, out]."""
    linear = {"mix": model.mix, "mode": model.mode, "status": model.status, "query": model.query}
    out = {n: m.weight.T for n, m in linear.items()} | {n + "_bias": m.bias for n, m in linear.items()}
    out |= {"kind": model.kind, "presence": model.presence, "presence_bias": model.bias, "distance": model.distance}
    out |= {"norm": model.norm.weight, "norm_bias": model.norm.bias}
    return {n: v.detach().numpy().astype(np.float16) for n, v in out.items()}


def write(base: Path, path: Path, out: Path, docs: list[Doc]) -> None:
    """Make `reader.onnx`, `heads.npz`, `pieces.json` and `labels.json` in OUT."""
    model, tokenizer = oracle.load(base, path)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        onnx.save(build(model, peaks(model, tokenizer, docs)), whole)
        quantize_dynamic(
            whole,
            out / "reader.onnx",
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul", "Attention"],
            extra_options={"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT},
        )
    np.savez(out / "heads.npz", **heads(model))  # type: ignore[arg-type]
    (out / "pieces.json").write_bytes((base / "pieces.json").read_bytes())
    labels = {"types": TYPES, "slots": SLOTS, "statuses": STATUSES, "roles": ROLES}
    (out / "labels.json").write_text(json.dumps(labels))
    sizes = {f.name: f.stat().st_size for f in sorted(out.iterdir())}
    print(sizes, "sum", sum(sizes.values()))


if __name__ == "__main__":
    base, path, out = map(Path, sys.argv[1:4])
    write(base, path, out, read([Path(f) for f in sys.argv[4:]])[::4])
