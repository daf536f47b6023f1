"""Readers of landmark files of other tools and shapes; each file becomes a clip `(T, 1662)`.

Each module of this package is one format. The reader is chosen by the file's content and returns a `RawClip`;
`isl.data.formats.reading` converts it to one layout, unit and orientation.
"""
