//! Frequent faults, said better than DataFusion does.

use datafusion::common::Diagnostic as Hint;

use super::other_dialects::said_here;
use super::words::{between, literals, plain, types};
use super::{identifier, quoted_identifier, span};
use crate::catalog::Functions;
use crate::statement::Statement;
use crate::suggest::nearest;
use crate::{Diagnostic, Span, codes};

/// A function that is not there, or not as it is called.
pub(super) fn unknown_function(name: &str) -> Diagnostic {
    let functions = Functions::get();
    if functions.is_for_over(name) {
        return Diagnostic::error(
            &codes::WRONG_ARGUMENTS,
            format!("`{name}` looks at other rows, and OVER does not say at which"),
        )
        .help(format!("write {name}(…) OVER (PARTITION BY a ORDER BY b)"));
    }
    let of_patterns = ["prev", "next", "first", "last", "classifier", "match_number", "match_rowtime"];
    let help = if of_patterns.contains(&name) {
        "it stands in MEASURES and DEFINE of MATCH_RECOGNIZE; elsewhere, lag, lead, first_value and last_value with OVER look at \
         other rows"
            .to_owned()
    } else if let Some(advice) = said_here(name) {
        advice.to_owned()
    } else if let Some(near) = nearest(name, functions.names()) {
        format!("did you mean `{near}`?")
    } else {
        "docs/reference/sql/functions.md lists all functions".to_owned()
    };
    Diagnostic::error(&codes::UNKNOWN_FUNCTION, format!("there is no function `{name}`")).help(help)
}

/// Frequent faults, said better.
pub(super) fn words_of_ours(message: &str, hint: Option<&Hint>, statement: &Statement) -> Option<Diagnostic> {
    let hinted = hint.and_then(|hint| hint.span).and_then(span);
    if message.contains("require unique expression names") {
        let name = between(message, "expression \"", "\"")?;
        let short = name.rsplit('.').next().unwrap_or(name);
        let at = statement.identifiers.iter().rev().find(|found| found.node.eq_ignore_ascii_case(short));
        return Some(
            Diagnostic::error(
                &codes::DUPLICATE_COLUMN,
                format!("two columns of the query are called `{}`", literals(short)),
            )
            .at(at.and_then(|at| at.span))
            .help("give one of them another name with AS"),
        );
    }
    if message.contains("not found in struct") {
        let name = message.split_whitespace().nth(1)?.trim_matches(['\'', '"', '`']);
        return Some(
            Diagnostic::error(&codes::UNKNOWN_COLUMN, format!("the struct has no field `{name}`"))
                .at(identifier(statement, name)),
        );
    }
    if message.contains("orrelated scalar subquery must be aggregated") {
        let message = "a subquery that stands for a value, and refers to the query around it, may have several rows";
        return Some(
            Diagnostic::error(&codes::SUBQUERY, message)
                .at(hinted)
                .help("make it one row with an aggregate such as max(…), or use a LEFT JOIN"),
        );
    }
    if let Some(diagnostic) = of_conditions(message, hinted, statement) {
        return Some(diagnostic);
    }
    let hint = hint?;
    if hint.message.contains("must appear in GROUP BY") {
        let name = between(&hint.message, "'", "'")?;
        return Some(
            Diagnostic::error(&codes::NOT_GROUPED, format!("`{name}` is neither grouped nor inside of an aggregate"))
                .at(hinted)
                .help(format!("add it to GROUP BY, or use an aggregate such as `first_value({name})`")),
        );
    }
    if hint.message.contains("incompatible types") {
        let types: Vec<String> = hint
            .notes
            .iter()
            .filter_map(|note| note.message.strip_prefix("has type "))
            .map(|name| format!("`{}`", types(name)))
            .collect();
        return Some(
            Diagnostic::error(&codes::TYPE_MISMATCH, format!("{} do not fit each other", types.join(" and ")))
                .at(hinted)
                .help(fit_together(&types)),
        );
    }
    None
}

/// Conditions at the wrong place, or that are none.
fn of_conditions(message: &str, hinted: Option<Span>, statement: &Statement) -> Option<Diagnostic> {
    if let Some((_, rest)) = message.split_once("HAVING clause references: ") {
        let (condition, _) = rest.split_once(" must appear in the GROUP BY")?;
        let message = format!("`{}` in HAVING is neither of columns of GROUP BY nor of aggregates", plain(condition));
        return Some(
            Diagnostic::error(&codes::NOT_GROUPED, message)
                .at(hinted.or_else(|| last_place_of(condition, statement)))
                .help("a condition on rows stands in WHERE"),
        );
    }
    if let Some((_, rest)) = message.split_once("non-boolean predicate '") {
        let (condition, returned) = rest.split_once("' returning ")?;
        let (condition, returned) = (plain(condition), types(returned));
        return Some(
            Diagnostic::error(&codes::TYPE_MISMATCH, format!("the condition `{condition}` is {returned}, not BOOLEAN"))
                .at(hinted.or_else(|| quoted_identifier(message, statement)))
                .help("compare it with something, for example `<> 0`"),
        );
    }
    if message.contains("QUALIFY clause requires") {
        return Some(
            Diagnostic::error(&codes::OVER, "QUALIFY is about functions with OVER, and the SELECT has none")
                .at(identifier(statement, "qualify"))
                .help("a condition on rows stands in WHERE, one on groups in HAVING"),
        );
    }
    None
}

/// Where the first column of an expression is written last.
fn last_place_of(expr: &str, statement: &Statement) -> Option<Span> {
    let is_in_name = |character: char| character.is_alphanumeric() || character == '_' || character == '.';
    let column = expr.split(|character| !is_in_name(character)).next()?.rsplit('.').next()?;
    statement.identifiers.iter().rev().find(|found| found.node.eq_ignore_ascii_case(column))?.span
}

/// A text that is read as an INTERVAL and is none.
pub(super) fn no_interval(text: &str) -> Diagnostic {
    Diagnostic::error(&codes::QUERY, format!("`{text}` is not an interval"))
        .help("write numbers with units, for example INTERVAL '1 hour 30 minutes'")
}

/// What to do about operands of these types.
fn fit_together(types: &[String]) -> &'static str {
    let is_of = |starts: &[&str]| types.iter().any(|name| starts.iter().any(|start| name.starts_with(start)));
    if types.iter().all(|name| name == "`TEXT`") {
        "texts are joined by `||`"
    } else if is_of(&["`TIMESTAMP", "`DATE", "`TIME"]) && is_of(&["`BIGINT", "`INTEGER", "`SMALLINT", "`TINYINT"]) {
        "a span of time is an INTERVAL, for example `INTERVAL '5 seconds'`"
    } else if is_of(&["`TEXT"])
        && is_of(&["`BIGINT", "`INTEGER", "`SMALLINT", "`TINYINT", "`DOUBLE", "`FLOAT", "`DECIMAL"])
    {
        "cast one of them, for example with `::BIGINT` or `::TEXT`"
    } else {
        "cast one of them, for example with `::TEXT`"
    }
}
