//! DataFusion's words in ours.

/// The text between two others.
pub(super) fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found)
}

/// Whether a message shows the inside of a program rather than SQL.
pub(super) fn is_internal(message: &str) -> bool {
    const SIGNS: &[&str] = &[
        "Some(",
        "Ident {",
        "Value(",
        "Literal(",
        " { ",
        "ast node",
        "Box(",
        "Span(",
        "Column {",
        "LogicalPlan",
        "::",
    ];
    // Casts are written with `::`.
    SIGNS.iter().any(|sign| *sign != "::" && message.contains(sign))
}

/// A message as a sentence for the reader of a query: no prefixes, no capital, SQL's names of types.
pub(super) fn plain(message: &str) -> String {
    let mut text = message.trim();
    if text.starts_with("Optimizer rule '") {
        text = text.split_once("caused by\n").map_or(text, |(_, cause)| cause);
    }
    loop {
        let stripped = [
            "Error during planning: ",
            "This feature is not implemented: ",
            "Schema error: ",
            "SQL error: ",
            "External error: ",
            "Execution error: ",
            "Arrow error: ",
            "Parser error: ",
            "Cast error: ",
            "Compute error: ",
            "Invalid argument error: ",
            "type_coercion\ncaused by\n",
            "ParserError(\"",
            "caused by\n",
        ]
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix));
        match stripped {
            Some(rest) => text = rest.trim(),
            None => break,
        }
    }
    let first_line = text.lines().next().unwrap_or_default().trim_end_matches('.');
    let mut characters = first_line.chars();
    let lower = match (characters.next(), characters.clone().next()) {
        (Some(first), Some(second)) if first.is_uppercase() && second.is_lowercase() => {
            first.to_lowercase().chain(characters).collect()
        }
        _ => first_line.to_owned(),
    };
    types(&literals(&lower.replace('\'', "`"))).replace("count(1)", "count(*)")
}

/// Literals as they are written in SQL: `Int64(1)` is `1`, and `Utf8("a")` is `'a'`.
pub(super) fn literals(text: &str) -> String {
    const TYPES: &[&str] = &[
        "UInt64",
        "UInt32",
        "UInt16",
        "UInt8",
        "Int64",
        "Int32",
        "Int16",
        "Int8",
        "Float64",
        "Float32",
        "Boolean",
        "LargeUtf8",
        "Utf8View",
        "Utf8",
    ];
    let mut out = text.to_owned();
    for name in TYPES {
        let opening = format!("{name}(");
        while let Some((before, rest)) = out.split_once(&opening) {
            let quoted = rest.strip_prefix('"').and_then(|rest| rest.split_once("\")"));
            let written = match quoted {
                Some((value, after)) => format!("{before}'{value}'{after}"),
                None => match rest.split_once(')') {
                    Some((value, after)) => format!("{before}{value}{after}"),
                    None => break,
                },
            };
            out = written;
        }
    }
    out
}

/// How a function can be called: those of the given ways that say something.
pub(super) fn ways_to_call(candidates: &str) -> Vec<String> {
    let ways = candidates.lines().map(str::trim).filter(|line| !line.is_empty()).filter_map(|line| {
        let (name, arguments) = line.strip_suffix(')')?.split_once('(')?;
        let several = |what: &str, count: &str| {
            let count = count.trim_end_matches(')').parse().ok()?;
            Some(vec![what; count].join(", "))
        };
        let arguments = match arguments.split_once('(') {
            Some(("Numeric", count)) => several("number", count)?,
            Some(("String", count)) => several("TEXT", count)?,
            Some(("Comparable", count)) => several("value", count)?,
            Some(("NullAry", _)) => String::new(),
            _ if arguments.contains("UserDefined") => return None,
            _ => types(&arguments.replace("Integer", "INTEGER").replace("Decimal", "DECIMAL")),
        };
        Some(format!("{name}({arguments})"))
    });
    ways.take(4).collect()
}

/// Arrow's names of types in a text as SQL's.
pub(super) fn types(text: &str) -> String {
    const NAMES: &[(&str, &str)] = &[
        ("Timestamp(ns)", "TIMESTAMP"),
        ("Timestamp(µs)", "TIMESTAMP(6)"),
        ("Timestamp(ms)", "TIMESTAMP(3)"),
        ("Timestamp(s)", "TIMESTAMP(0)"),
        ("Interval(MonthDayNano)", "INTERVAL"),
        ("Time64(ns)", "TIME"),
        ("LargeUtf8", "TEXT"),
        ("Utf8View", "TEXT"),
        ("Utf8", "TEXT"),
        ("UInt64", "BIGINT UNSIGNED"),
        ("UInt32", "INTEGER UNSIGNED"),
        ("UInt16", "SMALLINT UNSIGNED"),
        ("UInt8", "TINYINT UNSIGNED"),
        ("Int64", "BIGINT"),
        ("Int32", "INTEGER"),
        ("Int16", "SMALLINT"),
        ("Int8", "TINYINT"),
        ("Float64", "DOUBLE"),
        ("Float32", "FLOAT"),
        ("Boolean", "BOOLEAN"),
        ("Date32", "DATE"),
        ("Decimal128", "DECIMAL"),
        ("LargeBinary", "BYTEA"),
        ("Binary", "BYTEA"),
    ];
    let mut out = text.to_owned();
    for (arrow, sql) in NAMES {
        out = out.replace(arrow, sql);
    }
    // `List(TEXT)` is `TEXT[]`; the innermost one is the last to begin.
    while let Some((before, rest)) = out.rsplit_once("List(") {
        let Some((inner, after)) = rest.split_once(')') else { break };
        out = format!("{before}{}[]{after}", inner.trim_end_matches(", field: 'item'"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_become_sentences() {
        assert_eq!(
            plain("Error during planning: Cannot coerce Utf8 and Int64.\n\tmore"),
            "cannot coerce TEXT and BIGINT"
        );
        assert_eq!(
            plain("HAVING: count(Int64(1)) > Int64(1) AND a = Utf8(\"b (c)\")"),
            "HAVING: count(*) > 1 AND a = 'b (c)'"
        );
        assert_eq!(between("a 'b' c", "'", "'"), Some("b"));
        assert_eq!(
            ways_to_call("\tabs(Numeric(1))\n\tmax(UserDefined)\n\tround(Integer, Int32)\n\tpi(NullAry())"),
            ["abs(number)", "round(INTEGER, INTEGER)", "pi()"]
        );
        assert!(is_internal("Unsupported ast node Function { name: ObjectName([Ident { … }]) }"));
    }
}
