"""Clips on disk, splits, generated signs, and the LightningDataModule that hands them out."""
