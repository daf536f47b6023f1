"""The house rules of imports: who may lean on whom, and which heavy library has which door."""

from __future__ import annotations

import ast
from collections import Counter
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "isl").rglob("*.py"))

DOORS = {
    "mediapipe": {"isl.vision.holistic", "isl.vision.person_count"},
    "cv2": {"isl.vision", "isl.live"},
    "PIL": {"isl.vision"},
    "transformers": {"isl.sentence"},
    "onnx": {"isl.export"},
    "onnxruntime": {"isl.export", "isl.recognition"},
    "lightning": {"isl.training", "isl.data"},
    "starlette": {"isl.web"},
    "uvicorn": {"isl.web"},
}
# From the ground up: a module imports from its own floor or from below
FLOORS = [
    {
        "isl",
        "isl.errors",
        "isl.files",
        "isl.landmarks",
        "isl.skeleton",
        "isl.console",
        "isl.signals",
        "isl.version",
        "isl.config",
        "isl.weights",
    },
    {"isl.vision"},
    {"isl.data", "isl.features", "isl.augment", "isl.models"},
    {"isl.evaluation", "isl.sentence"},
    {"isl.recognition", "isl.training"},
    {"isl.extract", "isl.live", "isl.export", "isl.web", "isl.commands"},
]


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def floor(module: str) -> int:
    """The floor of the longest listed name that ``module`` begins with."""
    places = {name: level for level, names in enumerate(FLOORS) for name in names}
    known = [name for name in places if module == name or (module.startswith(f"{name}.") and name != "isl")]
    assert known or module.startswith("isl.__"), f"{module} stands on no floor: add it to FLOORS"
    return places[max(known, key=len)] if known else 0


def arrows() -> list[tuple[str, str]]:
    """Every import: the module, and what it imports."""
    return [(name_of(path), imported) for path in MODULES for imported in sorted(imports(path))]


def test_imports_point_down():
    """The package itself is left out: its door to ``Recognizer`` opens when it is used."""
    inside = [(module, imported) for module, imported in arrows() if imported.startswith("isl.") and module != "isl"]
    assert [arrow for arrow in inside if floor(arrow[1]) > floor(arrow[0])] == []
    assert [arrow for arrow in inside if arrow[1] in ("isl.__version__", "isl.Recognizer")] == []


def test_no_module_leads_back_to_itself():
    names = {name_of(path) for path in MODULES} - {"isl"}
    above: dict[str, set[str]] = {name: set() for name in names}
    for module, imported in arrows():
        target = imported if imported in names else imported.rpartition(".")[0]
        if module in names and target in names - {module}:
            above[module].add(target)
    TopologicalSorter(above).prepare()  # raises a CycleError that names the circle


def test_a_heavy_library_has_one_door():
    for module, imported in arrows():
        doors = DOORS.get(imported.split(".")[0], {module})
        assert any(module == door or module.startswith(f"{door}.") for door in doors), f"{module} imports {imported}"


def test_only_landmarks_knows_the_layout():
    for path in MODULES:
        if path.name != "landmarks.py":
            numbers = {n.value for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Constant)}
            assert not {1662, 1536, 1599, 468} & {n for n in numbers if isinstance(n, int)}, path


def test_no_two_files_and_no_two_classes_have_one_name():
    files = Counter(path.name for path in MODULES if not path.name.startswith("__"))
    classes = Counter(node.name for path in MODULES for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef))
    assert [name for names in (files, classes) for name, count in names.items() if count > 1] == []
