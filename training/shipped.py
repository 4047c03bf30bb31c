"""Reads the weights back out of the shipped onnx/model.onnx, so that what is evaluated is what is shipped.

ONNX is protobuf; the few fields needed are read here without a library.
"""

import json

import numpy as np
import torch

from model import Decoder, Shape


def fields(data):
    """(field number, value) of one message; bytes for a length-delimited field, else a number."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 2:
            size, at = varint(data, at)
            yield key >> 3, data[at : at + size]
            at += size
        elif kind == 0:
            value, at = varint(data, at)
            yield key >> 3, value
        else:
            at += 8 if kind == 1 else 4


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def initializers(path):
    """name -> float32 array of every f32 constant: ModelProto.graph = 7, GraphProto.initializer = 5."""
    with open(path, "rb") as file:
        model = memoryview(file.read())
    graph = next(value for number, value in fields(model) if number == 7)
    found = {}
    for number, tensor in fields(graph):
        if number != 5:
            continue
        name, dims, data_type, raw = "", [], 0, b""
        for field, value in fields(tensor):
            if field == 1:
                dims += [value] if isinstance(value, int) else packed(value)
            elif field == 2:
                data_type = value
            elif field == 8:
                name = bytes(value).decode()
            elif field == 9:
                raw = value
        if data_type == 1:
            found[name] = torch.from_numpy(np.frombuffer(raw, np.float32).reshape(dims).copy())
    return found


def packed(data):
    values, at = [], 0
    while at < len(data):
        value, at = varint(data, at)
        values.append(value)
    return values


def load(onnx, config):
    """The shipped model as a PyTorch module."""
    with open(config) as file:
        told = json.load(file)
    model = Decoder(Shape(**{name: told[name] for name in Shape.__dataclass_fields__}))
    stored = initializers(onnx)
    # the file keeps projections as [inputs, outputs], PyTorch as [outputs, inputs]
    with torch.no_grad():
        model.embed.weight.copy_(stored["model.embed_tokens.weight"])
        assert torch.equal(model.embed.weight.T, stored["lm_head.weight"]), "the embedding is not tied"
        model.norm.weight.copy_(stored["model.norm.weight"])
        for i, layer in enumerate(model.layers):

            def weight(name):
                return stored[f"model.layers.{i}.{name}.weight"]

            layer.input_norm.weight.copy_(weight("input_layernorm"))
            layer.post_norm.weight.copy_(weight("post_attention_layernorm"))
            layer.qkv.weight.copy_(torch.cat([weight(f"self_attn.{p}_proj") for p in "qkv"], 1).T)
            layer.out.weight.copy_(weight("self_attn.o_proj").T)
            layer.gate_up.weight.copy_(torch.cat([weight(f"mlp.{p}_proj") for p in ("gate", "up")], 1).T)
            layer.down.weight.copy_(weight("mlp.down_proj").T)
    return model
