"""The networks, one file each, in plain torch: from features ``(B, T, inputs)`` to logits ``(B, words)``."""
