"""Recognition with a checkpoint: of clips, of files and of continuous signing."""
