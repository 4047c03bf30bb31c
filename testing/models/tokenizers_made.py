"""Small tokenizers of the two kinds that decoders have, trained on this directory's own words."""

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

WORDS = [
    "What is the capital of France? The capital of France is Paris.",
    "Tell me a short story about a fox and a lighthouse.",
    "How many days are there in a week? There are seven days in a week.",
    "Write the numbers from one to ten, and say which of them are even.",
    "A queue keeps the requests that wait; a batch is what the model computes at once.",
]
VOCABULARY = 384
SPECIAL = ["<|end|>", "<|begin|>", "<|im_start|>", "<|im_end|>", "<think>", "</think>"]


def byte_level() -> Tokenizer:
    """As Llama 3, Qwen, GPT-2 and SmolLM have it: BPE over bytes, so that every text has tokens."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY - len(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        special_tokens=[],
        show_progress=False,
    )
    tokenizer.train_from_iterator(WORDS, trainer)
    return finished(tokenizer)


def pieces() -> Tokenizer:
    """As Gemma, Mistral and Phi-3 have it: BPE over characters, with a token for each byte of a rare one."""
    learner = Tokenizer(models.BPE(unk_token=None))
    learner.normalizer = normalizers.Replace(" ", "▁")
    learner.pre_tokenizer = pre_tokenizers.Split("▁", "merged_with_next")
    trainer = trainers.BpeTrainer(vocab_size=VOCABULARY - 256 - len(SPECIAL) - 1, show_progress=False)
    learner.train_from_iterator(WORDS, trainer)
    import json

    learned = json.loads(learner.to_str())["model"]
    tokens = ["<unk>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    tokens += [token for token, _ in sorted(learned["vocab"].items(), key=lambda item: item[1])]
    merges = [tuple(merge) for merge in learned["merges"]]
    vocabulary = {token: index for index, token in enumerate(tokens)}
    model = models.BPE(vocab=vocabulary, merges=merges, unk_token="<unk>", byte_fallback=True, fuse_unk=True)
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    )
    return finished(tokenizer)


def finished(tokenizer: Tokenizer) -> Tokenizer:
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in SPECIAL])
    begin = tokenizer.token_to_id("<|begin|>")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<|begin|> $A", pair=None, special_tokens=[("<|begin|>", begin)]
    )
    return tokenizer


MAKERS = {"bytes": byte_level, "pieces": pieces}
