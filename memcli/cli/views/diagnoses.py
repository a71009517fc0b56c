"""The result of `mem doctor`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from memcli.cli.options import Call
from memcli.cli.views.output import emit, printable

if TYPE_CHECKING:
    from memcli.operations.status.diagnosis import Diagnosis


def show_diagnoses(call: Call, diagnoses: Sequence[Diagnosis]) -> None:
    """Print each check of `mem doctor`, and what to do where it failed."""
    data = {
        "checks": [
            {"name": diagnosis.name, "ok": diagnosis.ok, "message": diagnosis.message, "next": diagnosis.next}
            for diagnosis in diagnoses
        ]
    }
    emit(call, "doctor", data, lambda: printable("\n".join(map(_diagnosis_line, diagnoses))))


def _diagnosis_line(diagnosis: Diagnosis) -> str:
    line = f"{'ok ' if diagnosis.ok else 'BAD'} {diagnosis.name}: {diagnosis.message}"
    return line + (f"\n    {diagnosis.next}" if diagnosis.next else "")
