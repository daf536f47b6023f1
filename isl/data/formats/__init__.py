"""Landmark files of other tools and shapes, each read to the clip `(T, 1662)` that everything else works on.

A file of this room is one format. Its reader is found by the file's content, its result is a `RawClip`, and
`isl.data.formats.reading` brings every such clip to one layout, unit and orientation.
"""
