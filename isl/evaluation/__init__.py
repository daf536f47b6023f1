"""Scores, confidences, reports and tables of runs."""
