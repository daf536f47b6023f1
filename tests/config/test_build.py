"""Only classes of trusted packages are built, by whatever name they are reached."""

from __future__ import annotations

import pytest

from isl.config.build import build, class_of
from isl.errors import InputError


@pytest.mark.parametrize(
    "target",
    [
        "isl.files.Path",  # pathlib's, reached through a module of isl
        "isl.config.build.import_module",  # a function
        "isl.vision.video.np",  # a module
        "isl.config.app.Path",
        "os.system",
        "islands.Boat",
        "missing",
        "",
    ],
)
def test_a_class_of_another_origin_is_refused(target):
    with pytest.raises(InputError, match=r"only classes of isl, torch\.optim are built"):
        class_of(target)


def test_a_function_is_no_class_where_all_packages_are_trusted():
    with pytest.raises(InputError, match=r"_target_=os\.system: not a class"):
        class_of("os.system", trusted=("",))


def test_a_class_of_isl_is_built_with_its_arguments():
    assert build({"_target_": "isl.recognition.hands.Posture", "rest": 0.5})
    with pytest.raises(InputError, match="no such class"):
        class_of("isl.recognition.hands.Pasture")
    with pytest.raises(InputError, match="unexpected keyword argument 'rset'"):
        build({"_target_": "isl.recognition.hands.Posture", "rset": 0.5})


def test_a_class_of_another_kind_is_refused():
    from isl.errors import InputError as Base

    with pytest.raises(InputError, match="not a subclass"):
        class_of("isl.recognition.hands.Posture", base=Base)
