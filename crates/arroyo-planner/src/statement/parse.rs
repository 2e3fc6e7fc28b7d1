//! A script's text → statements.
//!
//! The text is cut at its semicolons first, so that a fault in one statement does not hide those in others.

use datafusion::sql::sqlparser::ast::{self, Spanned as _};
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::parser::Parser;
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};

use super::asof::rewrite_asof;
use super::create_function::parse_create_function;
use super::create_table::parse_create_table;
use super::emit::rewrite_emit;
use super::failure::{Failure, parser_failure, sql_span, tokenizer_failure, whole};
use super::match_recognize::rewrite_match_recognize;
use super::window_tables::rewrite_window_tables;
use super::{Spanned, Statement, StatementKind};
use crate::dialect::ArroyoDialect;
use crate::{Diagnostic, Span, codes};

/// A chain of so many operators makes a tree too deep to walk.
const MAX_TOKENS: usize = 20_000;

/// A script as syntax.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    /// The valid statements.
    pub(crate) statements: Vec<Statement>,
    /// Names that invalid statements would have created.
    pub(crate) broken: Vec<String>,
    /// A diagnostic for each statement that is not valid.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Parses a script.
pub(crate) fn parse(sql: &str) -> Parsed {
    let dialect = ArroyoDialect::default();
    let tokens = match Tokenizer::new(&dialect, sql).tokenize_with_location() {
        Ok(tokens) => tokens,
        Err(error) => return Parsed { diagnostics: vec![tokenizer_failure(&error)], ..Parsed::default() },
    };
    let mut parsed = Parsed::default();
    for tokens in tokens.split(|token| token.token == Token::SemiColon) {
        if tokens.iter().all(|token| matches!(token.token, Token::Whitespace(_) | Token::EOF)) {
            continue;
        }
        match parse_one(&dialect, tokens) {
            Ok(statement) => parsed.statements.push(statement),
            Err(diagnostic) => {
                parsed.diagnostics.push(diagnostic);
                parsed.broken.extend(created_name(tokens));
            }
        }
    }
    parsed
}

/// A query on its own; `None` if it is none.
pub(crate) fn parse_query(sql: &str) -> Option<ast::Query> {
    match parse(sql).statements.pop()?.kind {
        StatementKind::Query(query) => Some(*query),
        _ => None,
    }
}

/// The name that a `CREATE` would have created: the first one after `TABLE` or `VIEW`.
fn created_name(tokens: &[TokenWithSpan]) -> Option<String> {
    let mut words = tokens.iter().filter_map(|token| match &token.token {
        Token::Word(word) => Some(word),
        _ => None,
    });
    if words.next()?.keyword != Keyword::CREATE {
        return None;
    }
    let mut words = words.skip_while(|word| !matches!(word.keyword, Keyword::TABLE | Keyword::VIEW)).skip(1);
    words
        .find(|word| !matches!(word.keyword, Keyword::IF | Keyword::NOT | Keyword::EXISTS))
        .map(|word| word.value.clone())
}

fn parse_one(dialect: &ArroyoDialect, tokens: &[TokenWithSpan]) -> Result<Statement, Diagnostic> {
    let span = whole(tokens);
    if tokens.len() > MAX_TOKENS {
        return Err(Diagnostic::error(&codes::TOO_DEEP, "the statement is too long")
            .at(span)
            .help("split it with views"));
    }
    let rewritten = rewrite_asof(rewrite_emit(rewrite_match_recognize(&rewrite_window_tables(tokens))));
    let mut parser = Parser::new(dialect).with_tokens_with_locations(rewritten);
    let kind = parse_kind(&mut parser).and_then(|kind| {
        if parser.peek_token_ref().token == Token::EOF {
            Ok(kind)
        } else {
            parser.expected_ref("the end of the statement", parser.peek_token_ref()).map_err(Failure::from)
        }
    });
    match kind {
        Ok(kind) => Ok(Statement { span, identifiers: identifiers(tokens), kind }),
        Err(Failure::Parser(error)) => Err(parser_failure(&error, tokens)),
        Err(Failure::Ours(diagnostic)) => Err(*diagnostic),
    }
}

fn identifiers(tokens: &[TokenWithSpan]) -> Vec<Spanned<String>> {
    tokens
        .iter()
        .filter_map(|token| match &token.token {
            Token::Word(word) => Some(Spanned { node: word.value.clone(), span: sql_span(token.span) }),
            _ => None,
        })
        .collect()
}

fn parse_kind(parser: &mut Parser) -> Result<StatementKind, Failure> {
    let first = parser.peek_token();
    let Token::Word(word) = &first.token else {
        return Ok(StatementKind::Query(parser.parse_query()?));
    };
    match word.keyword {
        Keyword::SELECT | Keyword::WITH | Keyword::VALUES => Ok(StatementKind::Query(parser.parse_query()?)),
        Keyword::INSERT => parse_insert(parser),
        Keyword::CREATE => parse_create(parser),
        Keyword::SET => parse_set(parser),
        Keyword::EXPLAIN => parse_explain(parser),
        Keyword::DESCRIBE | Keyword::DESC => {
            parser.next_token();
            let _ = parser.parse_keyword(Keyword::TABLE);
            Ok(StatementKind::Describe(table_name(parser)?))
        }
        Keyword::SHOW => {
            parser.next_token();
            parser.expect_keyword(Keyword::TABLES)?;
            Ok(StatementKind::ShowTables)
        }
        _ => Err(unsupported(parser, &word.value.to_ascii_uppercase(), sql_span(first.span))),
    }
}

fn parse_explain(parser: &mut Parser) -> Result<StatementKind, Failure> {
    parser.expect_keyword(Keyword::EXPLAIN)?;
    let explain = if parser.parse_keyword(Keyword::ANALYZE) { StatementKind::Analyze } else { StatementKind::Explain };
    let next = parser.peek_token();
    match parse_kind(parser)? {
        kind @ (StatementKind::Query(_) | StatementKind::Insert { .. }) => Ok(explain(Box::new(kind))),
        _ => Err(Diagnostic::error(&codes::UNSUPPORTED_STATEMENT, "only queries can be explained")
            .at(sql_span(next.span))
            .help("write EXPLAIN in front of a SELECT or an INSERT INTO … SELECT")
            .into()),
    }
}

/// A statement that is not one of ours: say so if it is SQL at all.
fn unsupported(parser: &Parser, first: &str, span: Option<Span>) -> Failure {
    const KNOWN: &[&str] = &[
        "DELETE", "UPDATE", "COPY", "ANALYZE", "DROP", "ALTER", "TRUNCATE", "MERGE", "BEGIN", "COMMIT", "ROLLBACK",
        "PREPARE", "EXECUTE", "GRANT", "REVOKE", "USE", "CALL", "DECLARE",
    ];
    let help = match first {
        "ANALYZE" => "EXPLAIN ANALYZE runs a query and shows what its operators do",
        "DELETE" | "UPDATE" | "MERGE" | "TRUNCATE" => {
            "a stream's rows cannot be changed; write the rows you want with INSERT INTO"
        }
        "COPY" => "write to a table with INSERT INTO",
        "DROP" | "ALTER" => "a table of a script exists only in that script: change its CREATE TABLE",
        _ => "a script consists of SET, CREATE TABLE, CREATE VIEW, CREATE FUNCTION, INSERT INTO and SELECT statements",
    };
    if KNOWN.contains(&first) {
        return Diagnostic::error(&codes::UNSUPPORTED_STATEMENT, format!("{first} is not supported in a script"))
            .at(span)
            .help(help)
            .into();
    }
    match parser.expected_ref::<()>("a statement", parser.peek_token_ref()) {
        Err(error) => Failure::Parser(error),
        Ok(()) => Diagnostic::error(&codes::SYNTAX, "expected a statement").at(span).into(),
    }
}

fn parse_create(parser: &mut Parser) -> Result<StatementKind, Failure> {
    parser.expect_keyword(Keyword::CREATE)?;
    let replace = parser.peek_token();
    if parser.parse_keyword(Keyword::OR) {
        return Err(Diagnostic::error(&codes::UNSUPPORTED_STATEMENT, "OR REPLACE is not supported in a script")
            .at(sql_span(replace.span))
            .help("leave it out: every run of a script defines its tables anew")
            .into());
    }
    let temporary = parser.parse_keyword(Keyword::TEMPORARY) || parser.parse_keyword(Keyword::TEMP);
    if parser.parse_keyword(Keyword::TABLE) {
        skip_if_not_exists(parser);
        return parse_create_table(parser, temporary);
    }
    if parser.parse_keyword(Keyword::VIEW) {
        skip_if_not_exists(parser);
        let name = table_name(parser)?;
        let columns = optional_columns(parser)?;
        parser.expect_keyword(Keyword::AS)?;
        return Ok(StatementKind::CreateView { name, columns, query: parser.parse_query()? });
    }
    if parser.parse_keyword(Keyword::FUNCTION) {
        return parse_create_function(parser);
    }
    let next = parser.peek_token();
    if let Token::Word(word) = &next.token {
        let what = word.value.to_ascii_uppercase();
        if matches!(what.as_str(), "INDEX" | "SCHEMA" | "DATABASE" | "EXTERNAL" | "MATERIALIZED" | "TYPE") {
            return Err(Diagnostic::error(
                &codes::UNSUPPORTED_STATEMENT,
                format!("CREATE {what} is not supported in a script"),
            )
            .at(sql_span(next.span))
            .help("scripts create tables, views and functions")
            .into());
        }
    }
    Ok(parser.expected("TABLE or VIEW after CREATE", next)?)
}

/// A script is run as a whole: its tables never exist before.
fn skip_if_not_exists(parser: &mut Parser) {
    let _ = parser.parse_keywords(&[Keyword::IF, Keyword::NOT, Keyword::EXISTS]);
}

fn parse_insert(parser: &mut Parser) -> Result<StatementKind, Failure> {
    parser.expect_keyword(Keyword::INSERT)?;
    parser.expect_keyword(Keyword::INTO)?;
    let _ = parser.parse_keyword(Keyword::TABLE);
    let table = table_name(parser)?;
    // `(SELECT …)` is a query, `(a, b)` a list of columns.
    let subquery = matches!(
        parser.peek_nth_token_ref(1).token,
        Token::Word(ref word) if matches!(word.keyword, Keyword::SELECT | Keyword::WITH | Keyword::VALUES)
    );
    let columns = if subquery { Vec::new() } else { optional_columns(parser)? };
    Ok(StatementKind::Insert { table, columns, query: parser.parse_query()? })
}

fn parse_set(parser: &mut Parser) -> Result<StatementKind, Failure> {
    parser.expect_keyword(Keyword::SET)?;
    let name = parser.parse_object_name(false)?;
    let name = Spanned { span: sql_span(name.span()), node: object_text(&name) };
    if !parser.consume_token(&Token::Eq) {
        parser.expect_keyword(Keyword::TO)?;
    }
    Ok(StatementKind::Set { name, value: Box::new(spanned_expr(parser)?) })
}

/// An expression and the span of its tokens.
pub(super) fn spanned_expr(parser: &mut Parser) -> Result<Spanned<ast::Expr>, Failure> {
    let start = sql_span(parser.peek_token_ref().span);
    let node = parser.parse_expr()?;
    Ok(Spanned { node, span: until_here(parser, start) })
}

/// From `start` to the last token that was read.
pub(super) fn until_here(parser: &Parser, start: Option<Span>) -> Option<Span> {
    let last = sql_span(parser.get_current_token().span);
    match (start, last) {
        (Some(start), Some(last)) if last.end >= start.start => Some(start.union(last)),
        (start, _) => start,
    }
}

/// A table's name of one part.
pub(super) fn table_name(parser: &mut Parser) -> Result<Spanned<String>, Failure> {
    let name = parser.parse_object_name(false)?;
    let span = sql_span(name.span());
    if name.0.len() > 1 {
        return Err(Diagnostic::error(&codes::QUALIFIED_NAME, format!("`{name}` has more than one part"))
            .at(span)
            .help("there are no schemas or catalogs: use a name of one part")
            .into());
    }
    Ok(Spanned { node: object_text(&name), span })
}

/// A name as it is written, without quotes.
fn object_text(name: &ast::ObjectName) -> String {
    let parts: Vec<String> = name
        .0
        .iter()
        .map(|part| part.as_ident().map_or_else(|| part.to_string(), |ident| ident.value.clone()))
        .collect();
    parts.join(".")
}

/// `(a, b)`, or nothing.
pub(super) fn optional_columns(parser: &mut Parser) -> Result<Vec<Spanned<String>>, Failure> {
    if !parser.consume_token(&Token::LParen) {
        return Ok(Vec::new());
    }
    let columns = parser.parse_comma_separated(Parser::parse_identifier)?;
    parser.expect_token(&Token::RParen)?;
    Ok(columns.into_iter().map(column_name).collect())
}

/// A column's name as it is written.
pub(super) fn column_name(ident: ast::Ident) -> Spanned<String> {
    let span = sql_span(ident.span);
    Spanned { node: ident.value, span }
}
