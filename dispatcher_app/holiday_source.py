"""Public holidays as the State Council publishes them for mainland China, year by year, by `chinesecalendar`."""

from __future__ import annotations

from chinese_calendar.constants import Holiday, holidays, workdays

from dispatcher_app.domain.holiday import HolidayYear, SpecialDay

ZONES = frozenset({"Asia/Shanghai", "Asia/Chongqing", "Asia/Chungking", "Asia/Harbin", "Asia/Urumqi", "PRC"})
"""The time zones in which these holidays are kept."""
SOURCE = "chinesecalendar"


class NotPublished(Exception):
    """The holidays of that year have not been published, or not been taken into the library."""


def years() -> tuple[str, ...]:
    """The years whose holidays are known here."""
    return tuple(sorted({str(date.year) for date in holidays}))


def holiday_year(year: str) -> HolidayYear:
    """The holidays and make-up working days of a year; raises NotPublished where they are not known."""
    chinese = {each.value: each.chinese for each in Holiday}
    kept = [("holiday", date, name) for date, name in holidays.items() if str(date.year) == year]
    if not kept:
        raise NotPublished(year)
    kept += [("workday", date, name) for date, name in workdays.items() if str(date.year) == year]
    days = [
        SpecialDay(
            date=date.isoformat(),
            kind="holiday" if kind == "holiday" else "workday",
            name=chinese[name] if kind == "holiday" else f"{chinese[name]}调休上班",
            name_en=name if kind == "holiday" else f"Working day for {name}",
        )
        for kind, date, name in sorted(kept, key=lambda each: each[1])
    ]
    return HolidayYear(id=year, days=tuple(days), source=SOURCE)


def known_from(year: int, timezone: str) -> tuple[HolidayYear, ...]:
    """That year and the next one, as far as they are known and kept in that time zone."""
    if timezone not in ZONES:
        return ()
    wanted = (str(year), str(year + 1))
    return tuple(holiday_year(each) for each in wanted if each in years())
