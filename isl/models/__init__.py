"""The networks: one file each, plain torch, from features ``(B, T, inputs)`` to logits ``(B, words)``."""
