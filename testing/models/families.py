"""The families of decoders that are made, each as small as its architecture allows."""

from dataclasses import dataclass, field
from typing import Any

import transformers as t

# Heads share key-value heads, so that grouping matters; two layers, so that caches can be confused. GroupQueryAttention turns
# heads of a multiple of 16 only, so where a head is width over heads there are two heads.
SIZES: dict[str, Any] = dict(
    hidden_size=32,
    intermediate_size=64,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=128,
)
HEAD = dict(head_dim=16)
TWO_HEADS = dict(num_attention_heads=2, num_key_value_heads=1)
# Shorter than prompt and answer, so that a window that is ignored changes the answer.
WINDOW = 12


@dataclass(frozen=True)
class Family:
    config: Any
    sizes: dict[str, Any]
    tokenizer: str  # `bytes` or `pieces`, see tokenizers_made.py
    chat: str  # the name of a template, see chat.py
    # Where the template is kept: in tokenizer_config.json, as a list of named ones there, or in chat_template.jinja.
    chat_place: str = "config"
    forms: tuple[str, ...] = ("plain", "gqa")
    # Why a form is missing.
    missing: str = ""
    # onnxruntime-genai 0.18.0 fails on this family.
    older_builder: bool = False
    extra: dict[str, Any] = field(default_factory=dict)


FAMILIES: dict[str, Family] = {
    "llama": Family(
        t.LlamaConfig,
        SIZES | HEAD | dict(tie_word_embeddings=False, rope_theta=500000.0),
        "bytes",
        "llama",
        extra=dict(
            rope_scaling=dict(
                rope_type="llama3",
                factor=8.0,
                low_freq_factor=1.0,
                high_freq_factor=4.0,
                original_max_position_embeddings=32,
            )
        ),
    ),
    "qwen2": Family(t.Qwen2Config, SIZES | TWO_HEADS | dict(tie_word_embeddings=True), "bytes", "chatml"),
    "qwen3": Family(t.Qwen3Config, SIZES | HEAD | dict(tie_word_embeddings=True), "bytes", "chatml", "file"),
    "gemma3": Family(
        t.Gemma3TextConfig,
        SIZES
        | HEAD
        | dict(
            sliding_window=WINDOW,
            # The builder knows this pattern only.
            num_hidden_layers=6,
            layer_types=["sliding_attention"] * 5 + ["full_attention"],
            query_pre_attn_scalar=16,
            rope_theta=1e6,
            rope_local_base_freq=1e4,
        ),
        "pieces",
        "gemma",
        "file",
        older_builder=True,
    ),
    "phi3": Family(
        t.Phi3Config,
        SIZES
        | TWO_HEADS
        | dict(
            sliding_window=None,
            original_max_position_embeddings=128,
            tie_word_embeddings=False,
            pad_token_id=0,
        ),
        "pieces",
        "phi",
    ),
    "mistral": Family(
        t.MistralConfig,
        SIZES | HEAD | dict(sliding_window=None, tie_word_embeddings=False),
        "pieces",
        "mistral",
        "named",
    ),
    "mistral-v01": Family(
        t.MistralConfig,
        SIZES | HEAD | dict(sliding_window=WINDOW, tie_word_embeddings=False),
        "pieces",
        "mistral",
        "named",
        forms=("plain",),
        missing="onnxruntime-genai's builder leaves Mistral's window out.",
    ),
    "gpt2": Family(
        t.GPT2Config,
        dict(n_embd=32, n_layer=2, n_head=2, n_positions=128, n_inner=64),
        "bytes",
        "",
        forms=("plain",),
        missing="onnxruntime-genai's builder has no GPT-2.",
    ),
    "smollm3": Family(
        t.SmolLM3Config,
        SIZES
        | TWO_HEADS
        | dict(no_rope_layers=[1, 0], no_rope_layer_interval=2, tie_word_embeddings=True, pad_token_id=0),
        "bytes",
        "chatml",
        "file",
        forms=("plain",),
        missing="The builder (0.18.0, 0.11.4) writes no file that runs for layers without a rotation.",
    ),
    "olmo": Family(
        t.OlmoConfig,
        SIZES | TWO_HEADS | dict(clip_qkv=1.5, tie_word_embeddings=False),
        "bytes",
        "olmo",
        forms=("plain",),
        missing="The builder's file answers otherwise than PyTorch, with and without clip_qkv.",
    ),
    "olmo2": Family(
        t.Olmo2Config,
        SIZES | TWO_HEADS | dict(tie_word_embeddings=False),
        "bytes",
        "olmo",
        forms=("plain",),
        missing="onnxruntime-genai's builder has no OLMo 2.",
    ),
    "granite": Family(
        t.GraniteConfig,
        SIZES
        | TWO_HEADS
        | dict(
            attention_multiplier=0.2,
            embedding_multiplier=3.0,
            residual_multiplier=0.6,
            logits_scaling=2.0,
            tie_word_embeddings=True,
        ),
        "bytes",
        "granite",
    ),
    "lfm2": Family(
        t.Lfm2Config,
        SIZES
        | TWO_HEADS
        | dict(
            layer_types=["conv", "full_attention"],
            block_ff_dim=64,
            block_auto_adjust_ff_dim=False,
            conv_L_cache=3,
            tie_word_embeddings=True,
            pad_token_id=0,
        ),
        "bytes",
        "chatml",
        forms=("gqa",),
        missing="Headway refuses it, so one form is enough.",
    ),
}
