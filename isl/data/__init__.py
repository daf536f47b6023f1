"""Clips on disk, splits, generated signs, and the LightningDataModule that makes batches of them."""
