"""An import killed half-way, and two at once: all or nothing, and a rerun comes to the same end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from schools_import.models import ImportRun
from tests.schools_import.files import FIXTURE, ROOT, csv_file, school
from venues.models import School

# Imports in a process of its own, which stops for good before the write that its first argument names.
STOPPING = """
import sys, time
import django
django.setup()
from django.core.management import call_command
from django.db import connection

def stop(execute, sql, params, many, context):
    if sql.startswith(sys.argv[1]):
        print("stopped", flush=True)
        time.sleep(600)
    return execute(sql, params, many, context)

with connection.execute_wrapper(stop):
    call_command("import_schools", sys.argv[2], "--apply", "--force", stdout=sys.stderr)
"""


def start(*command: str, database_url: str) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "shareloc.settings",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
    }
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=environment, stdout=pipe, stderr=pipe, text=True
    )


def state() -> list[dict[str, Any]]:
    return list(School.objects.order_by("uai").values())


def facts() -> list[tuple[Any, ...]]:
    """What an import decides, without the times at which it did."""
    return list(
        School.objects.order_by("uai").values_list("uai", "name", "phone", "search_text", "closed_on")
    )


@pytest.mark.parametrize(
    "write",
    [
        'INSERT INTO "venues_school"',
        'UPDATE "venues_school"',
        'INSERT INTO "schools_import_importrun"',
    ],
)
def test_killed_import_leaves_nothing_half_written(write: str, database_url: str, tmp_path: Path) -> None:
    path = tmp_path / "annuaire.csv"
    path.write_bytes(csv_file([school(number) for number in range(1, 6)]))
    call_command("import_schools", str(path), "--apply", verbosity=0)
    # Schools 1 and 2 are gone, 3 to 5 changed, 6 to 8 new.
    path.write_bytes(csv_file([school(number, Telephone="03 00 00 00 99") for number in range(3, 9)]))
    before = state()

    process = start("-c", STOPPING, write, str(path), database_url=database_url)
    assert process.stdout is not None
    assert process.stdout.readline() == "stopped\n", process.communicate()
    process.kill()
    process.communicate()

    assert state() == before
    assert ImportRun.objects.count() == 1

    call_command("import_schools", str(path), "--apply", "--force", verbosity=0)
    assert School.objects.open().filter(phone="03 00 00 00 99").count() == 6
    assert School.objects.exclude(closed_on=None).count() == 2
    assert ImportRun.objects.count() == 2


@pytest.mark.concurrency
def test_two_imports_at_once_do_not_mix(database_url: str) -> None:
    command = ["manage.py", "import_schools", str(FIXTURE), "--apply"]
    processes = [start(*command, database_url=database_url) for _number in range(2)]
    endings = [(process.communicate(), process.returncode) for process in processes]
    # The second one finds the work done, or is told to start again: it never fails in another way.
    for (output, errors), status in endings:
        assert status == 0 or "Un autre import vient d’écrire" in errors, output + errors
    assert 0 in [status for _outputs, status in endings]
    assert School.objects.count() == 274
    once = facts()
    call_command("import_schools", str(FIXTURE), "--apply", verbosity=0)
    assert facts() == once
