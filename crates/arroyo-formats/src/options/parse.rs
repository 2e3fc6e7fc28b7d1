//! A table's `WITH` options → [`FormatOptions`].

use std::collections::BTreeMap;

use arrow::datatypes::Schema;

use super::{
    BadData, CsvFormat, DebeziumJsonFormat, DecimalEncoding, Format, FormatOptions, Framing, JsonCompression,
    JsonFormat, NewlineFraming, ParquetCompression, ParquetFormat, RawBytesFormat, RawStringFormat, TimestampFormat,
    is_json_column,
};
use crate::FormatOptionError;

/// Formats that tables can have elsewhere and not here yet.
const LATER: &[&str] = &["avro", "protobuf"];

/// First parts of the keys that belong to formats.
const PREFIXES: &[&str] = &["json", "csv", "parquet", "avro", "protobuf", "debezium_json", "raw_string", "raw_bytes"];

impl FormatOptions {
    /// Whether `key` is an option of a format (or of framing or bad data), and not of a connector.
    pub fn owns_key(key: &str) -> bool {
        let prefix = key.split('.').next().unwrap_or_default();
        PREFIXES.contains(&prefix) || prefix == "framing" || key == "bad_data"
    }

    /// Builds the format called `format` from a table's options, and takes those that belong to formats out of `options`.
    ///
    /// Values are as written: the text of strings, numbers and booleans.
    /// `columns` are the declared columns without metadata, generated columns and `_timestamp`; `None` if none were declared.
    /// Every fault is reported.
    pub fn from_options(
        format: &str,
        options: &mut BTreeMap<String, String>,
        columns: Option<&Schema>,
    ) -> Result<Self, Vec<FormatOptionError>> {
        let format = format.to_ascii_lowercase();
        let mut reader = Reader { own: take_own(options), errors: Vec::new() };
        let format = match format.as_str() {
            "json" => Some(Format::Json(reader.json(JsonFormat::default()))),
            "debezium_json" => Some(Format::DebeziumJson(reader.debezium())),
            "csv" => Some(Format::Csv(reader.csv(columns))),
            "parquet" => Some(Format::Parquet(reader.parquet())),
            "raw_string" => Some(Format::RawString(RawStringFormat {})),
            "raw_bytes" => Some(Format::RawBytes(RawBytesFormat {})),
            other => {
                return Err(vec![unknown_format(other)]);
            }
        };
        let framing = reader.framing();
        let bad_data = reader.choice("bad_data", &[("fail", BadData::Fail), ("drop", BadData::Drop)]);
        if let (Some(format), Some(columns)) = (&format, columns) {
            reader.check_columns(format, columns);
        }
        reader.refuse_rest(format.as_ref().map_or("", Format::name));
        match format {
            Some(format) if reader.errors.is_empty() => {
                Ok(Self { format, framing, bad_data: bad_data.unwrap_or_default() })
            }
            _ => Err(reader.errors),
        }
    }
}

fn take_own(options: &mut BTreeMap<String, String>) -> BTreeMap<String, String> {
    let (own, rest) = std::mem::take(options).into_iter().partition(|(key, _)| FormatOptions::owns_key(key));
    *options = rest;
    own
}

fn unknown_format(name: &str) -> FormatOptionError {
    let message = if LATER.contains(&name) {
        format!("the format `{name}` is not supported yet")
    } else {
        format!("unknown format `{name}`")
    };
    FormatOptionError {
        key: Some("format".to_string()),
        message,
        help: Some(format!("formats are {}", Format::NAMES.join(", "))),
    }
}

struct Reader {
    own: BTreeMap<String, String>,
    errors: Vec<FormatOptionError>,
}

impl Reader {
    fn error(&mut self, key: &str, message: String, help: Option<String>) {
        self.errors.push(FormatOptionError { key: Some(key.to_string()), message, help });
    }

    fn bool(&mut self, key: &str) -> Option<bool> {
        let text = self.own.remove(key)?;
        match text.to_ascii_lowercase().as_str() {
            "true" | "yes" => Some(true),
            "false" | "no" => Some(false),
            _ => {
                self.error(key, format!("`{key}` is true or false, not `{text}`"), None);
                None
            }
        }
    }

    fn choice<T: Copy>(&mut self, key: &str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.own.remove(key)?;
        let found = choices.iter().find(|(name, _)| name.eq_ignore_ascii_case(&text)).map(|(_, value)| *value);
        if found.is_none() {
            let names: Vec<_> = choices.iter().map(|(name, _)| format!("`{name}`")).collect();
            self.error(key, format!("`{text}` is not a value of `{key}`"), Some(format!("use {}", names.join(" or "))));
        }
        found
    }

    fn size(&mut self, key: &str) -> Option<u64> {
        let text = self.own.remove(key)?;
        let size = parse_size(&text).filter(|size| *size > 0);
        if size.is_none() {
            let help = Some("write a number of bytes, or a size such as '128MB'".to_string());
            self.error(key, format!("`{text}` is not a size in bytes"), help);
        }
        size
    }

    /// Options of JSON, which Debezium's records share; what is not given is as in `default`.
    fn json(&mut self, default: JsonFormat) -> JsonFormat {
        for key in ["json.confluent_schema_registry", "json.include_schema"] {
            if self.bool(key) == Some(true) {
                self.error(key, format!("`{key}` is not supported yet"), Some("leave it out".to_string()));
            }
        }
        JsonFormat {
            unstructured: self.bool("json.unstructured").unwrap_or_default(),
            timestamp_format: self
                .choice(
                    "json.timestamp_format",
                    &[
                        ("rfc3339", TimestampFormat::Rfc3339),
                        ("unix_millis", TimestampFormat::UnixMillis),
                        ("UnixMillis", TimestampFormat::UnixMillis),
                    ],
                )
                .unwrap_or(default.timestamp_format),
            decimal_encoding: self
                .choice(
                    "json.decimal_encoding",
                    &[
                        ("number", DecimalEncoding::Number),
                        ("string", DecimalEncoding::String),
                        ("bytes", DecimalEncoding::Bytes),
                    ],
                )
                .unwrap_or(default.decimal_encoding),
            compression: self
                .choice(
                    "json.compression",
                    &[("uncompressed", JsonCompression::Uncompressed), ("gzip", JsonCompression::Gzip)],
                )
                .unwrap_or_default(),
        }
    }

    fn debezium(&mut self) -> DebeziumJsonFormat {
        let default = DebeziumJsonFormat::default();
        let json = self.json(default.json());
        if json.unstructured {
            let help = Some("declare the columns of the rows in the envelope".to_string());
            self.error("json.unstructured", "Debezium's records have columns".to_string(), help);
        }
        DebeziumJsonFormat {
            timestamp_format: json.timestamp_format,
            decimal_encoding: json.decimal_encoding,
            compression: json.compression,
            primary_key: default.primary_key,
        }
    }

    fn csv(&mut self, columns: Option<&Schema>) -> CsvFormat {
        let mut csv = CsvFormat::default();
        csv.header = self.bool("csv.header").unwrap_or(csv.header);
        csv.null_string = self.own.remove("csv.null_string").unwrap_or(csv.null_string);
        if let Some(text) = self.own.remove("csv.delimiter") {
            match text.as_str() {
                "\\t" | "tab" => csv.delimiter = '\t',
                other => match other.chars().next() {
                    Some(c) if other.len() == 1 && c.is_ascii() && !matches!(c, '"' | '\n' | '\r') => csv.delimiter = c,
                    _ => self.error(
                        "csv.delimiter",
                        format!("`{text}` cannot separate fields"),
                        Some("use one ASCII character, or `\\t` for a tab".to_string()),
                    ),
                },
            }
        }
        if !csv.header {
            csv.columns = columns.map(field_names).unwrap_or_default();
        }
        csv
    }

    fn parquet(&mut self) -> ParquetFormat {
        let default = ParquetFormat::default();
        ParquetFormat {
            compression: self
                .choice(
                    "parquet.compression",
                    &[
                        ("uncompressed", ParquetCompression::Uncompressed),
                        ("snappy", ParquetCompression::Snappy),
                        ("gzip", ParquetCompression::Gzip),
                        ("zstd", ParquetCompression::Zstd),
                        ("lz4", ParquetCompression::Lz4),
                        ("lz4_raw", ParquetCompression::Lz4Raw),
                    ],
                )
                .unwrap_or(default.compression),
            row_group_bytes: self.size("parquet.row_group_size").unwrap_or(default.row_group_bytes),
        }
    }

    fn framing(&mut self) -> Option<Framing> {
        let newline = self.choice("framing", &[("newline", ())]).is_some();
        let max_line_length = self.size("framing.newline.max_length");
        if max_line_length.is_some() && !newline {
            self.error(
                "framing.newline.max_length",
                "`framing.newline.max_length` needs framing by lines".to_string(),
                Some("add `framing = 'newline'`".to_string()),
            );
        }
        newline.then_some(Framing::Newline(NewlineFraming { max_line_length }))
    }

    fn check_columns(&mut self, format: &Format, columns: &Schema) {
        let Some(fixed) = format.fixed_schema() else { return };
        let fits = match (columns.fields().as_ref(), fixed.fields().as_ref()) {
            ([column], [wanted]) => {
                column.name() == wanted.name()
                    && column.data_type() == wanted.data_type()
                    && (is_json_column(column) || !is_json_column(wanted))
            }
            _ => false,
        };
        if !fits {
            let wanted = match format {
                Format::Json(_) => "value JSON",
                Format::RawBytes(_) => "value BYTEA",
                _ => "value TEXT",
            };
            let what = if matches!(format, Format::Json(_)) { "unstructured json" } else { format.name() };
            self.errors.push(FormatOptionError {
                key: None,
                message: format!("a table of the format {what} has exactly one column, `{wanted}`"),
                help: Some(format!("declare the columns as ({wanted})")),
            });
        }
    }

    fn refuse_rest(&mut self, format: &str) {
        for (key, _) in std::mem::take(&mut self.own) {
            let prefix = key.split('.').next().unwrap_or_default();
            let is_own = prefix == format || (prefix == "json" && format == "debezium_json");
            if PREFIXES.contains(&prefix) && !is_own {
                self.error(&key, format!("`{key}` needs the format {prefix}, and this table's is {format}"), None);
            } else {
                self.error(&key, format!("unknown option `{key}`"), None);
            }
        }
    }
}

fn field_names(schema: &Schema) -> Vec<String> {
    schema.fields().iter().map(|field| field.name().clone()).collect()
}

/// Reads `128MB`, `4k`, `1000`: units are powers of 1024, in any case, with or without `B`.
pub fn parse_size(text: &str) -> Option<u64> {
    let text = text.trim().to_ascii_lowercase();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits)?;
    let unit = unit.trim();
    let shift = match unit.strip_suffix("ib").or_else(|| unit.strip_suffix('b')).unwrap_or(unit) {
        "" => 0,
        "k" => 10,
        "m" => 20,
        "g" => 30,
        "t" => 40,
        "p" => 50,
        "e" => 60,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(1 << shift)
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::{DataType, Field};

    use super::*;

    fn options(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
    }

    #[test]
    fn reads_all_options_of_json_and_leaves_the_connectors() {
        let mut map = options(&[
            ("json.timestamp_format", "UnixMillis"),
            ("json.decimal_encoding", "bytes"),
            ("framing", "newline"),
            ("framing.newline.max_length", "4kB"),
            ("bad_data", "drop"),
            ("path", "x"),
        ]);
        let parsed = FormatOptions::from_options("JSON", &mut map, None).unwrap();
        assert_eq!(map, options(&[("path", "x")]));
        let json = parsed.to_json().unwrap();
        assert_eq!(
            json,
            serde_json::json!({
                "format": {
                    "type": "json", "unstructured": false, "timestamp_format": "unix_millis",
                    "decimal_encoding": "bytes", "compression": "uncompressed",
                },
                "framing": {"method": "newline", "max_line_length": 4096},
                "bad_data": {"behavior": "drop"},
            })
        );
        assert_eq!(FormatOptions::from_json(&json).unwrap(), Some(parsed));
    }

    #[test]
    fn reports_every_fault() {
        let mut map = options(&[
            ("json.unstructured", "perhaps"),
            ("json.nope", "1"),
            ("csv.header", "true"),
            ("framing.newline.max_length", "long"),
            ("bad_data", "eat"),
        ]);
        let errors = FormatOptions::from_options("json", &mut map, None).unwrap_err();
        let messages: Vec<_> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            messages,
            [
                "`json.unstructured` is true or false, not `perhaps`",
                "`long` is not a size in bytes",
                "`eat` is not a value of `bad_data`",
                "`csv.header` needs the format csv, and this table's is json",
                "unknown option `json.nope`",
            ]
        );
    }

    #[test]
    fn formats_of_later_are_named() {
        for (format, message) in [("avro", "the format `avro` is not supported yet"), ("jsno", "unknown format `jsno`")]
        {
            let errors = FormatOptions::from_options(format, &mut BTreeMap::new(), None).unwrap_err();
            assert_eq!(errors.first().map(ToString::to_string).as_deref(), Some(message));
        }
    }

    #[test]
    fn raw_formats_want_their_column() {
        let good = Schema::new(vec![Field::new("value", DataType::Utf8, true)]);
        let bad = Schema::new(vec![Field::new("line", DataType::Utf8, true)]);
        assert!(FormatOptions::from_options("raw_string", &mut BTreeMap::new(), Some(&good)).is_ok());
        let errors = FormatOptions::from_options("raw_string", &mut BTreeMap::new(), Some(&bad)).unwrap_err();
        assert_eq!(errors[0].message, "a table of the format raw_string has exactly one column, `value TEXT`");
        let mut unstructured = options(&[("json.unstructured", "true")]);
        assert!(FormatOptions::from_options("json", &mut unstructured, Some(&good)).is_err());
    }

    #[test]
    fn sizes() {
        assert_eq!(parse_size("128MB"), Some(128 << 20));
        assert_eq!(parse_size("2 gib"), Some(2 << 30));
        assert_eq!(parse_size("17"), Some(17));
        for bad in ["", "MB", "1.5k", "99999999999999999999", "99999999e", "3x"] {
            assert_eq!(parse_size(bad), None, "{bad}");
        }
    }
}
