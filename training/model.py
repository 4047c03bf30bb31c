"""A Llama-shaped decoder: RMSNorm, rotary positions (half rotation), grouped-query attention, SwiGLU."""

import json
import struct
from dataclasses import asdict, dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


@dataclass(frozen=True)
class Shape:
    hidden_size: int = 128
    intermediate_size: int = 448
    num_hidden_layers: int = 4
    num_attention_heads: int = 4
    num_key_value_heads: int = 2
    head_dim: int = 32
    vocab_size: int = 1024
    max_position_embeddings: int = 128
    rms_norm_eps: float = 1e-5
    rope_theta: float = 10000.0


def rotary(shape, length):
    """cos and sin [length, head_dim / 2] of each position's angles."""
    half = shape.head_dim // 2
    rate = shape.rope_theta ** (-torch.arange(half, dtype=torch.float64) / half)
    angle = torch.arange(length, dtype=torch.float64)[:, None] * rate
    return angle.cos().float(), angle.sin().float()


def rotate(x, cos, sin):
    """x [B, heads, S, head_dim], turned by its position's angles."""
    a, b = x.chunk(2, dim=-1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)


class Norm(nn.Module):
    def __init__(self, size, eps):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(size)), eps

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps) * self.weight


class Layer(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.shape = s
        self.q, self.kv = s.num_attention_heads * s.head_dim, s.num_key_value_heads * s.head_dim
        self.input_norm = Norm(s.hidden_size, s.rms_norm_eps)
        self.qkv = nn.Linear(s.hidden_size, self.q + 2 * self.kv, bias=False)
        self.out = nn.Linear(self.q, s.hidden_size, bias=False)
        self.post_norm = Norm(s.hidden_size, s.rms_norm_eps)
        self.gate_up = nn.Linear(s.hidden_size, 2 * s.intermediate_size, bias=False)
        self.down = nn.Linear(s.intermediate_size, s.hidden_size, bias=False)

    def attend(self, x, cos, sin, mask):
        b, n, _ = x.shape
        s = self.shape
        heads = s.num_attention_heads + 2 * s.num_key_value_heads
        qkv = self.qkv(x).view(b, n, heads, s.head_dim).transpose(1, 2)
        qk, v = qkv.split((heads - s.num_key_value_heads, s.num_key_value_heads), dim=1)
        q, k = rotate(qk, cos, sin).split((s.num_attention_heads, s.num_key_value_heads), dim=1)
        group = s.num_attention_heads // s.num_key_value_heads
        # [B, kv heads, queries of the group, head_dim]: the group's heads share one k and v
        q = q.reshape(b, s.num_key_value_heads, group * n, s.head_dim)
        scores = q @ k.transpose(-1, -2) * s.head_dim**-0.5
        scores = scores.view(b, s.num_key_value_heads, group, n, n) + mask
        weights = scores.softmax(-1).view(b, s.num_key_value_heads, group * n, n)
        mixed = (weights @ v).view(b, s.num_attention_heads, n, s.head_dim)
        return self.out(mixed.transpose(1, 2).reshape(b, n, self.q))

    def forward(self, x, cos, sin, mask):
        x = x + self.attend(self.input_norm(x), cos, sin, mask)
        gate, up = self.gate_up(self.post_norm(x)).chunk(2, dim=-1)
        return x + self.down(F.silu(gate) * up)


class Decoder(nn.Module):
    """Token ids [B, S], padded on the right, to hidden states; `head` gives logits."""

    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        self.embed = nn.Embedding(shape.vocab_size, shape.hidden_size)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.num_hidden_layers))
        self.norm = Norm(shape.hidden_size, shape.rms_norm_eps)
        cos, sin = rotary(shape, shape.max_position_embeddings)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        for name, p in self.named_parameters():
            if p.dim() == 2:
                deep = name.endswith(("out.weight", "down.weight"))
                nn.init.normal_(p, std=p.shape[1] ** -0.5 / ((2 * shape.num_hidden_layers) ** 0.5 if deep else 1))
        nn.init.normal_(self.embed.weight, std=0.04)

    def forward(self, ids):
        n = ids.shape[1]
        mask = torch.full((n, n), float("-inf")).triu(1)
        x = self.embed(ids)
        for layer in self.layers:
            x = layer(x, self.cos[:n], self.sin[:n], mask)
        return self.norm(x)

    def head(self, hidden):
        return hidden @ self.embed.weight.T

    def weights(self):
        """name -> tensor by the hub's Llama names."""
        named = {"model.embed_tokens.weight": self.embed.weight, "model.norm.weight": self.norm.weight}
        for i, layer in enumerate(self.layers):
            q, k, v = layer.qkv.weight.split((layer.q, layer.kv, layer.kv))
            gate, up = layer.gate_up.weight.chunk(2)
            at = f"model.layers.{i}."
            named |= {
                at + "input_layernorm.weight": layer.input_norm.weight,
                at + "self_attn.q_proj.weight": q,
                at + "self_attn.k_proj.weight": k,
                at + "self_attn.v_proj.weight": v,
                at + "self_attn.o_proj.weight": layer.out.weight,
                at + "post_attention_layernorm.weight": layer.post_norm.weight,
                at + "mlp.gate_proj.weight": gate,
                at + "mlp.up_proj.weight": up,
                at + "mlp.down_proj.weight": layer.down.weight,
            }
        return {name: t.detach().contiguous() for name, t in named.items()}


def save_safetensors(path, tensors):
    header, at = {}, 0
    for name, t in tensors.items():
        size = t.numel() * 4
        header[name] = {"dtype": "F32", "shape": list(t.shape), "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for t in tensors.values():
            file.write(t.numpy().astype(np.float32).tobytes())


def hub_config(shape):
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        **asdict(shape),
        "hidden_act": "silu",
        "attention_bias": False,
        "mlp_bias": False,
        "bos_token_id": 1,
        "eos_token_id": 2,
        "pad_token_id": 0,
        "tie_word_embeddings": True,
        "torch_dtype": "float32",
    }
