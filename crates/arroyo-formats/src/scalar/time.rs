//! Dates, times of day and timestamps.

const NANOS_PER_SECOND: i64 = 1_000_000_000;

/// `YYYY-MM-DD` as days since the Unix epoch.
pub(crate) fn parse_date(text: &str) -> Option<i32> {
    let mut scanner = Scanner { rest: text.as_bytes() };
    let days = scanner.date()?;
    scanner.rest.is_empty().then_some(days)
}

/// `HH:MM[:SS[.fraction]]` as nanoseconds since midnight.
pub(crate) fn parse_time(text: &str) -> Option<i64> {
    let mut scanner = Scanner { rest: text.as_bytes() };
    let (seconds, nanos) = scanner.time()?;
    let time = seconds * NANOS_PER_SECOND + nanos;
    (scanner.rest.is_empty() && seconds < 86_400).then_some(time)
}

/// RFC 3339 with or without fraction and zone, `YYYY-MM-DD HH:MM:SS` and `YYYY-MM-DD`: seconds since the Unix epoch and the
/// nanoseconds after them. Without a zone it is UTC.
pub(crate) fn parse_timestamp(text: &str) -> Option<(i64, i64)> {
    let mut scanner = Scanner { rest: text.as_bytes() };
    let days = i64::from(scanner.date()?);
    if scanner.rest.is_empty() {
        return Some((days * 86_400, 0));
    }
    scanner.one_of(b"Tt ")?;
    let (seconds, nanos) = scanner.time()?;
    let offset = scanner.offset()?;
    scanner.rest.is_empty().then_some((days * 86_400 + seconds - offset, nanos))
}

struct Scanner<'a> {
    rest: &'a [u8],
}

impl Scanner<'_> {
    fn one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        bytes.contains(first).then(|| {
            self.rest = rest;
            *first
        })
    }

    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.rest.split_at_checked(count)?;
        let mut value = 0;
        for byte in digits {
            if !byte.is_ascii_digit() {
                return None;
            }
            value = value * 10 + i64::from(byte - b'0');
        }
        self.rest = rest;
        Some(value)
    }

    fn date(&mut self) -> Option<i32> {
        let year = self.digits(4)?;
        self.one_of(b"-")?;
        let month = self.digits(2)?;
        self.one_of(b"-")?;
        let day = self.digits(2)?;
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days_in_month = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        if !(1..=days_in_month).contains(&day) {
            return None;
        }
        // Days since the epoch in the proleptic Gregorian calendar, with years that start in March.
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        i32::try_from(era * 146_097 + day_of_era - 719_468).ok()
    }

    /// Seconds since midnight and nanoseconds.
    fn time(&mut self) -> Option<(i64, i64)> {
        let hour = self.digits(2)?;
        self.one_of(b":")?;
        let minute = self.digits(2)?;
        let mut second = 0;
        let mut nanos = 0;
        if self.one_of(b":").is_some() {
            second = self.digits(2)?;
            if self.one_of(b".,").is_some() {
                nanos = self.fraction()?;
            }
        }
        // A leap second is the first second of the next minute.
        (hour < 24 && minute < 60 && second <= 60).then_some((hour * 3600 + minute * 60 + second, nanos))
    }

    fn fraction(&mut self) -> Option<i64> {
        let mut nanos = 0;
        let mut unit = NANOS_PER_SECOND / 10;
        let mut any = false;
        while let Some((byte @ b'0'..=b'9', rest)) = self.rest.split_first() {
            nanos += i64::from(byte - b'0') * unit;
            unit /= 10;
            any = true;
            self.rest = rest;
        }
        any.then_some(nanos)
    }

    /// The zone's seconds east of UTC; none is UTC.
    fn offset(&mut self) -> Option<i64> {
        if self.rest.is_empty() || self.one_of(b"Zz").is_some() {
            return Some(0);
        }
        let sign = if self.one_of(b"+-")? == b'-' { -1 } else { 1 };
        let hours = self.digits(2)?;
        let minutes = if self.rest.is_empty() {
            0
        } else {
            let _ = self.one_of(b":");
            self.digits(2)?
        };
        (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps() {
        let noon = 1_672_574_400;
        for (text, expected) in [
            ("2023-01-01T12:00:00", Some((noon, 0))),
            ("2023-01-01T12:00:00Z", Some((noon, 0))),
            ("2023-01-01 12:00:00", Some((noon, 0))),
            ("2023-01-01 12:00", Some((noon, 0))),
            ("2023-01-01T12:00:00.5", Some((noon, 500_000_000))),
            ("2023-01-01T12:00:00.1234567899Z", Some((noon, 123_456_789))),
            ("2023-01-01T14:00:00+02:00", Some((noon, 0))),
            ("2023-01-01T10:30:00-0130", Some((noon, 0))),
            ("2023-01-01T13:00:00+01", Some((noon, 0))),
            ("2023-01-01", Some((noon - 43_200, 0))),
            ("1969-12-31T23:59:59.5", Some((-1, 500_000_000))),
            ("2024-02-29", Some((1_709_164_800, 0))),
            ("0000-01-01", Some((-62_167_219_200, 0))),
            ("2023-02-29", None),
            ("2023-01-01T24:00:00", None),
            ("2023-01-01T12:00:00 ", None),
            ("2023-01-01T", None),
            ("2023-1-1", None),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(parse_timestamp(text), expected, "{text}");
        }
    }

    #[test]
    fn dates_and_times() {
        assert_eq!(parse_date("1970-01-02"), Some(1));
        assert_eq!(parse_date("1969-12-31"), Some(-1));
        assert_eq!(parse_date("1970-01-02T00:00:00"), None);
        assert_eq!(parse_time("01:02:03.5"), Some(3_723_500_000_000));
        assert_eq!(parse_time("01:02"), Some(3_720_000_000_000));
        assert_eq!(parse_time("23:59:60"), None);
    }
}
