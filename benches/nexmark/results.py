"""Results of both engines as multisets of rows that can be compared."""

import collections
import decimal
import json
import re

TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(\.\d+)?Z?")
# Which columns decide: rows that tie in the order of q18 and q19 are interchangeable.
DECIDING = {"q18": (0, 1), "q19": (0, 2, 7)}
# Where a URL has no such part, `split_part` gives an empty text and Flink's SPLIT_INDEX gives NULL.
EMPTY_FOR_NULL = {"q22"}
# Flink gives q9 as upserts by the auction: a row takes the place of the one before with its key.
UPSERTS = {"q9": 0}


def field(value):
    """A value as text, the same for both engines. Flink's times have milliseconds where they are event times."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    time = TIME.fullmatch(text)
    if time:
        return f"{time[1]} {time[2]}{time[3] or ':00'}" + ((time[4] or ".") + "000")[:4]
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        number = decimal.Decimal(text).normalize()
        return f"{number:f}"
    return text


def of_arroyo(path):
    rows = collections.Counter()
    with open(path) as lines:
        for line in lines:
            record = json.loads(line, parse_float=decimal.Decimal)
            if "op" in record and "after" in record:
                for side, sign in (("before", -1), ("after", 1)):
                    if record.get(side) is not None:
                        rows[tuple(map(field, record[side].values()))] += sign
            else:
                rows[tuple(map(field, record.values()))] += 1
    if any(count < 0 for count in rows.values()):
        raise SystemExit("a row was retracted more often than inserted")
    return +rows


def of_flink(stdout, name):
    rows, latest = collections.Counter(), {}
    for line in stdout.splitlines():
        if not line.startswith("ROW "):
            continue
        kind, row = line[4:6], tuple(map(field, line[7:-1].split(", ")))
        if name in UPSERTS:
            latest[row[UPSERTS[name]]] = row
        else:
            rows[row] += 1 if kind in ("+I", "+U") else -1
    rows.update(latest.values())
    return +rows


def comparable(rows, name):
    if name in EMPTY_FOR_NULL:
        emptied = collections.Counter()
        for row, count in rows.items():
            emptied[tuple("" if value == "null" else value for value in row)] += count
        return emptied
    if name not in DECIDING:
        return rows
    kept = collections.Counter()
    for row, count in rows.items():
        kept[tuple(row[index] for index in DECIDING[name])] += count
    return kept
