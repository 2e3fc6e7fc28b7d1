//! `CREATE TABLE`, with what sqlparser does not know: watermarks, metadata columns, options of several types.

use arroyo_operator::OptionValue;
use datafusion::sql::sqlparser::ast::{self, Value};
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::parser::Parser;
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan};

use super::failure::{Failure, sql_span};
use super::literal::{interval_of, interval_text, number_text};
use super::parse::{column_name, optional_columns, spanned_expr, table_name, until_here};
use super::{Column, ColumnSource, CreateTable, Spanned, StatementKind, TableOption, Watermark};
use crate::{Diagnostic, codes};

/// Everything after `CREATE [TEMPORARY] TABLE [IF NOT EXISTS]`.
pub(super) fn parse_create_table(parser: &mut Parser, temporary: bool) -> Result<StatementKind, Failure> {
    let mut table = CreateTable {
        name: table_name(parser)?,
        temporary,
        columns: Vec::new(),
        watermarks: Vec::new(),
        primary_key: Vec::new(),
        partitioned_by: Vec::new(),
        options: Vec::new(),
    };
    if parser.consume_token(&Token::LParen) && !parser.consume_token(&Token::RParen) {
        loop {
            parse_element(parser, &mut table)?;
            if !parser.consume_token(&Token::Comma) {
                break;
            }
            // A comma after the last element does no harm.
            if parser.peek_token_ref().token == Token::RParen {
                break;
            }
        }
        parser.expect_token(&Token::RParen)?;
    }
    loop {
        if parser.parse_keyword(Keyword::WITH) {
            parse_options(parser, &mut table.options)?;
        } else if parser.parse_keywords(&[Keyword::PARTITIONED, Keyword::BY]) {
            parser.expect_token(&Token::LParen)?;
            loop {
                table.partitioned_by.push(spanned_expr(parser)?);
                if !parser.consume_token(&Token::Comma) {
                    break;
                }
            }
            parser.expect_token(&Token::RParen)?;
        } else {
            break;
        }
    }
    let as_token = parser.peek_token();
    if parser.parse_keyword(Keyword::AS) {
        let query = parser.parse_query()?;
        if !table.columns.is_empty() || !table.options.is_empty() || table.temporary {
            return Err(Diagnostic::error(
                &codes::CREATE_TABLE_AS,
                "CREATE TABLE … AS takes its columns from the query",
            )
            .at(sql_span(as_token.span))
            .help("leave out columns and options; to write to a connector, create the table and use INSERT INTO")
            .into());
        }
        return Ok(StatementKind::CreateView { name: table.name, columns: Vec::new(), query });
    }
    resolve_case(&mut table);
    Ok(StatementKind::CreateTable(Box::new(table)))
}

/// Names columns where they are referred to as they are declared, whatever the case.
fn resolve_case(table: &mut CreateTable) {
    let declared: Vec<String> = table.columns.iter().map(|column| column.name.node.clone()).collect();
    let resolve = |name: &mut String| {
        if let Some(found) = declared.iter().find(|column| column.eq_ignore_ascii_case(name)) {
            name.clone_from(found);
        }
    };
    for watermark in &mut table.watermarks {
        resolve(&mut watermark.column.node);
    }
    for column in &mut table.primary_key {
        resolve(&mut column.node);
    }
    for option in &mut table.options {
        let is_field = ["event_time_field", "watermark_field"].contains(&option.key.node.as_str());
        match &mut option.value.node {
            OptionValue::Identifier(name) => resolve(name),
            OptionValue::Text(name) if is_field => resolve(name),
            _ => {}
        }
    }
}

fn is_word(token: &TokenWithSpan, text: &str) -> bool {
    matches!(&token.token, Token::Word(word) if word.quote_style.is_none() && word.value.eq_ignore_ascii_case(text))
}

fn next_words_are(parser: &Parser, words: &[&str]) -> bool {
    words.iter().enumerate().all(|(index, word)| is_word(parser.peek_nth_token_ref(index), word))
}

fn skip(parser: &mut Parser, count: usize) {
    for _ in 0..count {
        parser.advance_token();
    }
}

/// A column or a constraint.
fn parse_element(parser: &mut Parser, table: &mut CreateTable) -> Result<(), Failure> {
    if next_words_are(parser, &["watermark", "for"]) {
        table.watermarks.push(parse_watermark(parser)?);
        return Ok(());
    }
    if next_words_are(parser, &["primary", "key"]) && parser.peek_nth_token_ref(2).token == Token::LParen {
        skip(parser, 2);
        table.primary_key.extend(optional_columns(parser)?);
        return Ok(());
    }
    let first = parser.peek_token();
    let second_is_name = !matches!(parser.peek_nth_token_ref(1).token, Token::Word(_)) || is_word(&first, "constraint");
    if (second_is_name && ["unique", "check", "constraint"].iter().any(|word| is_word(&first, word)))
        || next_words_are(parser, &["foreign", "key"])
        || next_words_are(parser, &["constraint"])
    {
        return Err(Diagnostic::error(&codes::UNSUPPORTED_CONSTRAINT, "this table constraint is not supported")
            .at(sql_span(first.span))
            .help("tables have PRIMARY KEY (…) and WATERMARK FOR … constraints")
            .into());
    }
    table.columns.push(parse_column(parser)?);
    Ok(())
}

fn parse_watermark(parser: &mut Parser) -> Result<Watermark, Failure> {
    let start = sql_span(parser.peek_token_ref().span);
    skip(parser, 2);
    let column = column_name(parser.parse_identifier()?);
    let expr = if parser.parse_keyword(Keyword::AS) { Some(spanned_expr(parser)?) } else { None };
    Ok(Watermark { column, expr, span: until_here(parser, start) })
}

fn parse_column(parser: &mut Parser) -> Result<Column, Failure> {
    let name = column_name(parser.parse_identifier()?);
    let start = sql_span(parser.peek_token_ref().span);
    if matches!(parser.peek_token_ref().token, Token::Comma | Token::RParen) {
        return Err(Diagnostic::error(&codes::SYNTAX, format!("the column `{}` has no type", name.node))
            .at(name.span)
            .help(format!("write `{} TEXT`, for example", name.node))
            .into());
    }
    let data_type = parser.parse_data_type()?;
    let data_type = Spanned { node: data_type, span: until_here(parser, start) };
    let mut column = Column { name, data_type, not_null: false, primary_key: false, source: ColumnSource::Physical };
    loop {
        if parser.parse_keywords(&[Keyword::NOT, Keyword::NULL]) {
            column.not_null = true;
        } else if parser.parse_keyword(Keyword::NULL) {
            column.not_null = false;
        } else if parser.parse_keywords(&[Keyword::PRIMARY, Keyword::KEY]) {
            column.primary_key = true;
        } else if next_words_are(parser, &["metadata", "from"]) {
            skip(parser, 2);
            column.source = ColumnSource::Metadata(string(parser)?);
        } else if next_words_are(parser, &["generated", "always", "as"]) || is_word(parser.peek_token_ref(), "as") {
            let words = if is_word(parser.peek_token_ref(), "as") { 1 } else { 3 };
            skip(parser, words);
            parser.expect_token(&Token::LParen)?;
            column.source = ColumnSource::Generated(Box::new(spanned_expr(parser)?));
            parser.expect_token(&Token::RParen)?;
            if next_words_are(parser, &["stored"]) || next_words_are(parser, &["virtual"]) {
                skip(parser, 1);
            }
        } else {
            break;
        }
    }
    let next = parser.peek_token();
    if matches!(next.token, Token::Comma | Token::RParen) {
        return Ok(column);
    }
    if let Token::Word(word) = &next.token
        && ["default", "unique", "check", "references", "collate", "comment", "constraint"]
            .iter()
            .any(|known| word.value.eq_ignore_ascii_case(known))
    {
        let what = word.value.to_ascii_uppercase();
        return Err(Diagnostic::error(&codes::UNSUPPORTED_CONSTRAINT, format!("{what} is not supported for a column"))
            .at(sql_span(next.span))
            .help("columns can be NOT NULL, PRIMARY KEY, GENERATED ALWAYS AS (…) and METADATA FROM '…'")
            .into());
    }
    Ok(parser.expected("`,`, `)` or an option of the column", next)?)
}

fn string(parser: &mut Parser) -> Result<Spanned<String>, Failure> {
    let span = sql_span(parser.peek_token_ref().span);
    Ok(Spanned { node: parser.parse_literal_string()?, span })
}

fn parse_options(parser: &mut Parser, options: &mut Vec<TableOption>) -> Result<(), Failure> {
    parser.expect_token(&Token::LParen)?;
    loop {
        if parser.consume_token(&Token::RParen) {
            return Ok(());
        }
        let key = parse_key(parser)?;
        parser.expect_token(&Token::Eq)?;
        let start = sql_span(parser.peek_token_ref().span);
        let value = parse_value(parser)?;
        let value = Spanned { node: value, span: until_here(parser, start) };
        options.push(TableOption { key, value });
        if !parser.consume_token(&Token::Comma) {
            parser.expect_token(&Token::RParen)?;
            return Ok(());
        }
    }
}

fn parse_key(parser: &mut Parser) -> Result<Spanned<String>, Failure> {
    if matches!(parser.peek_token_ref().token, Token::SingleQuotedString(_)) {
        return string(parser);
    }
    let start = sql_span(parser.peek_token_ref().span);
    let mut node = parser.parse_identifier()?.value;
    while parser.consume_token(&Token::Period) {
        node.push('.');
        node.push_str(&parser.parse_identifier()?.value);
    }
    Ok(Spanned { node, span: until_here(parser, start) })
}

fn parse_value(parser: &mut Parser) -> Result<OptionValue, Failure> {
    let bracket = parser.peek_token_ref().token == Token::LBracket;
    if bracket || (is_word(parser.peek_token_ref(), "array") && parser.peek_nth_token_ref(1).token == Token::LBracket) {
        skip(parser, if bracket { 1 } else { 2 });
        let mut values = Vec::new();
        while !parser.consume_token(&Token::RBracket) {
            values.push(parse_value(parser)?);
            if !parser.consume_token(&Token::Comma) {
                parser.expect_token(&Token::RBracket)?;
                break;
            }
        }
        return Ok(OptionValue::Array(values));
    }
    let expr = spanned_expr(parser)?;
    option_value(&expr.node).map_err(|reason| {
        Diagnostic::error(&codes::OPTION_VALUE, reason)
            .at(expr.span)
            .help("values are 'text', numbers, true, false, INTERVAL '…', column names and [lists]")
            .into()
    })
}

fn option_value(expr: &ast::Expr) -> Result<OptionValue, String> {
    if let Some(text) = interval_text(expr) {
        return interval_of(&text).map(|interval| OptionValue::Interval(interval.nanos));
    }
    if let Some(text) = number_text(expr) {
        return Ok(OptionValue::Number(text));
    }
    match expr {
        ast::Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text)
            | Value::EscapedStringLiteral(text)
            | Value::UnicodeStringLiteral(text)
            | Value::NationalStringLiteral(text) => Ok(OptionValue::Text(text.clone())),
            Value::DollarQuotedString(text) => Ok(OptionValue::Text(text.value.clone())),
            Value::Boolean(value) => Ok(OptionValue::Bool(*value)),
            Value::Null => Err("NULL is not a value for an option".to_owned()),
            _ => Err("this is not a value for an option".to_owned()),
        },
        ast::Expr::Identifier(ident) => Ok(OptionValue::Identifier(column_name(ident.clone()).node)),
        ast::Expr::CompoundIdentifier(parts) => {
            let parts: Vec<String> = parts.iter().map(|part| column_name(part.clone()).node).collect();
            Ok(OptionValue::Identifier(parts.join(".")))
        }
        ast::Expr::Nested(inner) => option_value(inner),
        _ => Err("this is not a value for an option".to_owned()),
    }
}
