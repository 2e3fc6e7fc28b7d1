//! Functions of other databases, and what says the same here.

/// Names, and how what they say is said here.
const FUNCTIONS: &[(&[&str], &str)] = &[
    (&["if", "iif"], "write CASE WHEN condition THEN x ELSE y END"),
    (&["choose"], "write CASE x WHEN 1 THEN 'a' WHEN 2 THEN 'b' ELSE 'c' END"),
    (&["isnull", "zeroifnull"], "write coalesce(x, y), or x IS NULL"),
    (&["safe_divide", "try_divide", "div0"], "write a / nullif(b, 0)"),
    (
        &["getdate", "getutcdate", "sysdate", "sysdatetime", "systimestamp", "proctime", "current_datetime"],
        "write now(); the event time of a row is row_time()",
    ),
    (
        &["date_add", "dateadd", "timestampadd", "timestamp_add", "datetime_add", "adddate"],
        "write at + INTERVAL '1 day'",
    ),
    (&["date_sub", "timestamp_sub", "datetime_sub", "subdate"], "write at - INTERVAL '1 day'"),
    (
        &["datediff", "date_diff", "timestampdiff", "timestamp_diff", "datetime_diff"],
        "write b - a, which is an INTERVAL, or date_part('epoch', b) - date_part('epoch', a), which is in seconds",
    ),
    (&["timestamp_trunc", "datetime_trunc", "floor_time"], "write date_trunc('day', at)"),
    (&["unix_timestamp", "unix_seconds", "unix_millis"], "write date_part('epoch', at), which is in seconds"),
    (
        &["year", "quarter", "month", "week", "day", "hour", "minute", "second", "dayofweek", "dayofyear"],
        "write extract(year FROM at); other parts are month, day, hour, dow, …",
    ),
    (&["format_timestamp", "format_date", "timestamptostring", "to_varchar"], "write to_char(at, '%Y-%m-%d')"),
    (
        &["parse_timestamp", "str_to_date", "strptime", "stringtotimestamp"],
        "write to_timestamp(text, '%Y-%m-%d %H:%M:%S')",
    ),
    (
        &[
            "tumble_start",
            "tumble_end",
            "tumble_rowtime",
            "hop_start",
            "hop_end",
            "hop_rowtime",
            "session_start",
            "session_end",
            "windowstart",
            "windowend",
        ],
        "group by tumble(INTERVAL '1 minute') AS w in the SELECT list; its ends are w.start and w.end",
    ),
    (&["len"], "write length(text)"),
    (&["ucase"], "write upper(text)"),
    (&["lcase"], "write lower(text)"),
    (&["charindex", "locate"], "write strpos(text, part)"),
    (&["split"], "write string_to_array(text, ',')"),
    (&["regexp_extract", "regexp_substr"], "write regexp_match(text, pattern)[1]"),
    (
        &["json_value", "json_extract", "json_extract_scalar", "json_query", "get_json_object", "extractjsonfield"],
        "write document ->> 'field', or document -> 'outer' ->> 'inner'",
    ),
    (&["group_concat", "listagg"], "write string_agg(x, ',')"),
    (&["collect", "collect_list", "collect_set"], "write array_agg(x), or array_agg(DISTINCT x)"),
    (&["countif", "count_if"], "write count(*) FILTER (WHERE condition)"),
    (&["sumif", "sum_if"], "write sum(x) FILTER (WHERE condition)"),
    (&["latest_by_offset", "latest", "argmax", "max_by"], "write last_value(x ORDER BY at)"),
    (&["earliest_by_offset", "earliest", "argmin", "min_by"], "write first_value(x ORDER BY at)"),
    (&["approx_count_distinct", "hll", "count_distinct"], "write approx_distinct(x), or count(DISTINCT x)"),
    (&["safe_offset", "offset", "ordinal", "safe_ordinal"], "elements count from 1: write list[1]"),
    (&["newid", "generate_uuid", "gen_random_uuid"], "write uuid()"),
];

/// How what a function of another database says is said here.
pub(super) fn said_here(function: &str) -> Option<&'static str> {
    FUNCTIONS.iter().find(|(names, _)| names.contains(&function)).map(|(_, advice)| *advice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Functions;

    #[test]
    fn they_are_not_functions_here() {
        let here: Vec<&str> = Functions::get().names().collect();
        for name in FUNCTIONS.iter().flat_map(|(names, _)| *names) {
            assert!(!here.contains(name), "{name}");
        }
    }
}
