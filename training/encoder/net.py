"""The reader: one encoder pass over a document, then a type query per sentence.

For sentence s and event type t two queries attend over the tokens of s (what the first looks at is the trigger, the
second is free to look for what tells the mode) and pool their states into h[s, t], from which presence, mode and status
are read; roles are a bilinear match of h[s, t] with every token of the document.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F
from e5 import Encoder
from gold import ROLES, SLOTS, STATUSES, TYPES

WIDTH = 256  # of h
RANK = 64  # of the role match
NEAR = 4  # sentences before and after that the role bias tells apart


@dataclass
class States:
    """What the heads make of a batch: trigger attention [B, S, 16, T], h [B, S, 16, WIDTH], presence [B, S, 16]."""

    tokens: torch.Tensor
    attention: torch.Tensor
    pooled: torch.Tensor
    presence: torch.Tensor


class Reader(nn.Module):
    """Encoder and heads; `segments` [B, T] holds the sentence of each token, -1 outside."""

    def __init__(self, encoder: Encoder, drop: float = 0.1) -> None:
        super().__init__()
        hidden, types = encoder.meta["hidden"], len(TYPES)
        self.encoder, self.drop = encoder, drop
        self.trigger = nn.Linear(hidden, types)
        self.value = nn.Linear(hidden, WIDTH)
        self.content, self.detail = nn.Linear(hidden, types), nn.Linear(hidden, WIDTH)
        for p in (*self.content.parameters(), *self.detail.parameters()):
            nn.init.zeros_(p)
        self.kind = nn.Parameter(torch.randn(types, WIDTH) * 0.02)
        self.norm = nn.LayerNorm(WIDTH)
        self.mix = nn.Linear(WIDTH, WIDTH)
        self.presence = nn.Parameter(torch.randn(types, WIDTH) * 0.05)
        self.bias = nn.Parameter(torch.full((types,), -2.5))
        self.mode = nn.Linear(WIDTH, len(SLOTS))
        self.status = nn.Linear(WIDTH, len(STATUSES))
        self.query = nn.Linear(WIDTH, len(ROLES) * RANK)
        self.key = nn.Linear(hidden, len(ROLES) * RANK)
        self.unary = nn.Linear(hidden, len(ROLES))
        self.distance = nn.Parameter(torch.zeros(len(ROLES), 2 * NEAR + 1))

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, segments: torch.Tensor, count: int) -> States:
        x = F.dropout(self.encoder(ids, mask), self.drop, self.training)
        inside = segments[:, None, :] == torch.arange(count)[None, :, None]  # B, S, T
        looks = self.trigger(x).transpose(1, 2)[:, None].expand(-1, count, -1, -1)  # B, S, 16, T
        looks = looks.masked_fill(~inside[:, :, None, :], -1e4)
        attention = looks.softmax(-1)
        values = torch.einsum("bskt,btw->bskw", attention, self.value(x))
        free = self.content(x).transpose(1, 2)[:, None].expand(-1, count, -1, -1)
        free = free.masked_fill(~inside[:, :, None, :], -1e4).softmax(-1)
        values = values + torch.einsum("bskt,btw->bskw", free, self.detail(x))
        h = self.norm(F.gelu(values + self.kind))
        h = h + F.gelu(self.mix(F.dropout(h, self.drop, self.training)))
        h = F.dropout(h, self.drop, self.training)
        seen = (attention * looks).sum(-1)
        return States(x, attention, h, (h * self.presence).sum(-1) + self.bias + seen)

    def roles(
        self, states: States, segments: torch.Tensor, row: torch.Tensor, sentence: torch.Tensor, kind: torch.Tensor
    ) -> torch.Tensor:
        """Role logits [N, 3, T] of the acts (row, sentence, type), N each."""
        h = states.pooled[row, sentence, kind]
        x = states.tokens
        q = self.query(h).view(len(h), len(ROLES), RANK)
        k = self.key(x).view(*x.shape[:2], len(ROLES), RANK)[row]
        match = torch.einsum("nrd,ntrd->nrt", q, k) / RANK**0.5
        away = (segments[row] - sentence[:, None]).clamp(-NEAR, NEAR) + NEAR
        return match + self.unary(x)[row].transpose(1, 2) + self.distance[:, away].transpose(0, 1)
