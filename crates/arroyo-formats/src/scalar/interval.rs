//! Intervals of months, days and nanoseconds; written as ISO 8601 durations (`P1Y2M3DT4H5M6.5S`).

use arrow::compute::kernels::cast_utils::parse_interval_month_day_nano;
use arrow::datatypes::IntervalMonthDayNano;

const SECOND: i128 = 1_000_000_000;

/// An ISO 8601 duration whose parts may each have a sign, or words (`1 day 2 hours`, `3 months`).
pub(crate) fn parse_interval(text: &str) -> Option<IntervalMonthDayNano> {
    match text.strip_prefix(['P', 'p']) {
        Some(parts) => parse_iso(parts),
        None if text.is_empty() => None,
        None => parse_interval_month_day_nano(text).ok(),
    }
}

fn parse_iso(parts: &str) -> Option<IntervalMonthDayNano> {
    let (mut months, mut days, mut nanos) = (0i128, 0i128, 0i128);
    let mut in_time = false;
    let mut rest = parts;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        if let Some(time) = rest.strip_prefix(['T', 't']) {
            if in_time || time.is_empty() {
                return None;
            }
            in_time = true;
            rest = time;
            continue;
        }
        let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
        let (number, tail) = rest.split_at_checked(end)?;
        let unit = tail.chars().next()?.to_ascii_uppercase();
        rest = tail.get(1..)?;
        // Nine decimal places, as nanoseconds of the unit.
        let nanos_of_unit = super::parse_decimal(number, 28, 9)?;
        let whole = (nanos_of_unit % SECOND == 0).then_some(nanos_of_unit / SECOND);
        match (in_time, unit) {
            (false, 'Y') => months = months.saturating_add(whole? * 12),
            (false, 'M') => months = months.saturating_add(whole?),
            (false, 'W') => days = days.saturating_add(whole? * 7),
            (false, 'D') => days = days.saturating_add(whole?),
            (true, 'H') => nanos = nanos.saturating_add(nanos_of_unit * 3600),
            (true, 'M') => nanos = nanos.saturating_add(nanos_of_unit * 60),
            (true, 'S') => nanos = nanos.saturating_add(nanos_of_unit),
            _ => return None,
        }
    }
    Some(IntervalMonthDayNano::new(i32::try_from(months).ok()?, i32::try_from(days).ok()?, i64::try_from(nanos).ok()?))
}

/// Appends the interval as an ISO 8601 duration.
pub(crate) fn write_interval(value: IntervalMonthDayNano, out: &mut Vec<u8>) {
    out.push(b'P');
    let mut part = |number: String, unit: u8| {
        out.extend_from_slice(number.as_bytes());
        out.push(unit);
    };
    let (years, months) = (value.months / 12, value.months % 12);
    for (number, unit) in [(years, b'Y'), (months, b'M'), (value.days, b'D')] {
        if number != 0 {
            part(number.to_string(), unit);
        }
    }
    let nanos = i128::from(value.nanoseconds);
    let (hours, minutes, seconds) = (nanos / (3600 * SECOND), nanos / (60 * SECOND) % 60, nanos % (60 * SECOND));
    let is_zero = value.months == 0 && value.days == 0 && nanos == 0;
    if nanos == 0 && !is_zero {
        return;
    }
    part(String::new(), b'T');
    if hours != 0 {
        part(hours.to_string(), b'H');
    }
    if minutes != 0 {
        part(minutes.to_string(), b'M');
    }
    if seconds != 0 || is_zero {
        let sign = if seconds < 0 { "-" } else { "" };
        let (whole, fraction) = (seconds.abs() / SECOND, seconds.abs() % SECOND);
        let mut text = format!("{sign}{whole}");
        if fraction != 0 {
            let digits = format!("{fraction:09}");
            text.push('.');
            text.push_str(digits.trim_end_matches('0'));
        }
        part(text, b'S');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(months: i32, days: i32, nanos: i64) -> String {
        let mut out = Vec::new();
        write_interval(IntervalMonthDayNano::new(months, days, nanos), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn text_of_intervals() {
        assert_eq!(written(14, 3, 14_706_500_000_000), "P1Y2M3DT4H5M6.5S");
        assert_eq!(written(0, 0, 0), "PT0S");
        assert_eq!(written(-1, 2, -1), "P-1M2DT-0.000000001S");
        assert_eq!(written(0, 7, 0), "P7D");
        assert_eq!(written(0, 0, 60_000_000_000), "PT1M");
    }

    #[test]
    fn round_trips_and_words() {
        for parts in [(14, 3, 14_706_500_000_000), (0, 0, 0), (-1, 2, -1), (i32::MIN, i32::MAX, i64::MIN)] {
            let text = written(parts.0, parts.1, parts.2);
            let interval = IntervalMonthDayNano::new(parts.0, parts.1, parts.2);
            assert_eq!(parse_interval(&text), Some(interval), "{text}");
        }
        assert_eq!(parse_interval("1 day 2 hours"), Some(IntervalMonthDayNano::new(0, 1, 7_200_000_000_000)));
        for bad in ["", "P", "PT", "P1", "P1.5M", "PT5X", "soon", "P99999999999D"] {
            assert_eq!(parse_interval(bad), None, "{bad}");
        }
    }
}
