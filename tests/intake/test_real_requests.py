"""Three real exports of a city's requests, two of them named differently and one in JSON."""

import os
from collections import Counter
from pathlib import Path

import pytest

from dispatcher_app.intake.columns import guess
from dispatcher_app.intake.normal import BadRow, FilteredRow, ImportRow, normalise
from dispatcher_app.intake.nyc311 import BUILT_IN
from dispatcher_app.intake.profile import choose, from_guess
from dispatcher_app.intake.table import read_table

pytestmark = pytest.mark.real_data

_BESIDE = Path(__file__).resolve().parents[2].parent / "shared" / "data"
_FOLDER = Path(os.environ.get("DISPATCHER_DATA", _BESIDE)) / "requests"

# file: rows wanted by the profile, good ones among them; reasons over all rows when read by the guess alone
_FILES = {
    "nyc311_2018_sample.csv": (159, 158, {"no_place": 83, "closed_before_created": 10}),
    "nyc311_2023-12_sample.csv": (270, 270, {"no_place": 4}),
    "nyc311_fhrw-4uyv_1000.json": (457, 457, {"closed_before_created": 7}),
}
_BARE = {"external_id", "created_at", "closed_at", "status", "category", "fault", "channel", "agency"}
_FIELDS = _BARE | {"address", "district", "city", "lon", "lat", "point"}


@pytest.fixture(params=_FILES)
def file(request: pytest.FixtureRequest) -> Path:
    path = _FOLDER / str(request.param)
    if not path.is_file():
        pytest.skip(f"the real requests are not here: {path.name} (set DISPATCHER_DATA)")
    return path


def test_the_guess_alone_maps_the_real_requests(file: Path) -> None:
    table = read_table(file)
    mapping = guess(table.columns, table.sample())
    assert set(mapping.column_of) == _FIELDS
    assert mapping.lacks == ()
    profile = from_guess("guessed", table.columns, mapping, tz="America/New_York")
    read = [normalise(row, profile) for row in table.rows]
    reasons = Counter(reason.code for each in read if isinstance(each, BadRow) for reason in each.reasons)
    assert len(read) == 1000
    assert dict(reasons) == _FILES[file.name][2]


def test_the_built_in_profile_reads_home_repairs(file: Path) -> None:
    table = read_table(file)
    profile = choose(BUILT_IN, table.columns)
    assert profile is not None
    read = [normalise(row, profile) for row in table.rows]
    wanted = [each for each in read if not isinstance(each, FilteredRow)]
    good = [each for each in wanted if isinstance(each, ImportRow)]
    assert (len(wanted), len(good)) == _FILES[file.name][:2]
    assert len({each.key for each in good}) == len(good)
    assert all(each.status in ("pending", "completed") and each.city == "New York" for each in good)
    again = [normalise(row, profile) for row in read_table(file).rows]
    assert again == read
