"""The sentence of every code that reading a table can answer with, in English, for `text.t`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from dispatcher_app.text import sentence, t

if TYPE_CHECKING:
    from dispatcher_app.intake.normal import Reason
    from dispatcher_app.intake.row import TableError

SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        # a whole table
        "unreadable": "The file cannot be opened: {reason}.",
        "unknown_kind": "Only .csv, .tsv, .xlsx and .json files can be imported, not {suffix}.",
        "empty_file": "The file is empty.",
        "no_rows": "The file has a header but no rows.",
        "no_header": "The first line must hold the column names, but reads: {value}",
        "duplicate_header": "Two columns are named {name}: column {first} and column {second}.",
        "too_many_columns": "The table has {count} columns; at most {limit} can be read.",
        "not_text": "The file is named like a text table but holds {what} data.",
        "nul_characters": "Line {line} holds NUL characters; the file is damaged or not a text table.",
        "unknown_encoding": "The text is neither UTF-8, UTF-16 nor GB18030; save it as UTF-8.",
        "broken_utf8": "The UTF-8 text is damaged in line {line}.",
        "field_too_long": "Line {line} holds a cell of over 131,072 characters; is a quotation mark missing?",
        "unclosed_quote": "A quotation mark opened in line {line} is never closed.",
        "not_a_workbook": "The file is not an Excel workbook (.xlsx).",
        "old_workbook": "This is an old .xls or a protected workbook; save it as .xlsx without password.",
        "workbook_too_large": "Unpacked, the workbook would take {size} MB; at most {limit} MB are read.",
        "damaged_workbook": "The Excel workbook is damaged: {reason}.",
        "empty_workbook": "No sheet of the workbook holds anything.",
        "damaged_json": "The JSON is damaged near line {line}: {reason}.",
        "json_not_objects": "Line {line} of the JSON is not an object with named fields.",
        "json_several_arrays": "The JSON holds several lists ({names}); it must hold one.",
        "json_too_large": "One JSON document is larger than {limit} MB; save it as JSON lines or CSV.",
        # one row
        "ragged_row": "The line has another number of cells than the header ({value}).",
        "unreadable_time": "The time cannot be read: {value}",
        "unreadable_phone": "The phone number cannot be read: {value}",
        "masked_phone": "The phone number is masked: {value}",
        "unreadable_coordinates": "The coordinates cannot be read: {value}",
        "nothing_broken": "Nothing says what is broken: no category, item, fault or description.",
        "no_place": "Nothing says where: no address, compound or coordinates.",
        "closed_before_created": "The order was closed before it was created ({value}).",
        "window_backwards": "The appointment ends before it begins ({value}).",
        "too_long": "The text is too long: {value}",
        "twice": "The same order stands in line {value} already.",
        "cancelled_there": "The order was cancelled at its source; only open and completed ones are taken over.",
        "unknown_item": "Nothing in the catalogue fits, and it has no item for the rest (other): {value}",
        # one row, imported all the same
        "swapped_coordinates": "Longitude and latitude were swapped and have been put right: {value}",
        "zero_coordinates": "Coordinates 0, 0 mean none: {value}",
        "unknown_status": "The status is not known: {value}",
        "unknown_urgency": "The urgency is not known: {value}",
        # why a column was taken for a field
        "by_name": "The column name says so.",
        "by_part_of_name": "Part of the column name says so.",
        "by_values": "The values look like it.",
        "by_name_and_values": "The column name says so and the values fit.",
        # what a mapping lacks
        "lacks_fault": "No column says what is broken (item, category, fault or description).",
        "lacks_place": "No column says where (address, compound or coordinates).",
        # a profile
        "bad_profile": "The import profile {name} cannot be read: {reason}.",
    }
)


def of_reason(reason: Reason) -> str:
    """Why a row cannot be imported, as a person reads it."""
    if (english := SENTENCES.get(reason.code)) is not None and not reason.params:
        return t(english, value=reason.value)
    return sentence(reason.code, {"field": reason.field, "value": reason.value, **reason.params})


def of_table(error: TableError) -> str:
    """Why a whole table cannot be read, as a person reads it."""
    return t(SENTENCES[error.code], **error.params)
