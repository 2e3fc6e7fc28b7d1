//! `CREATE FUNCTION name(argument TYPE, …) RETURNS TYPE { RETURN expr | AS expr | AS 'expr' | AS $$expr$$ }`.

use datafusion::sql::sqlparser::ast;
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::parser::Parser;
use datafusion::sql::sqlparser::tokenizer::Token;

use super::failure::{Failure, sql_span};
use super::parse::{column_name, spanned_expr, table_name};
use super::{CreateFunction, Spanned, StatementKind};
use crate::dialect::ArroyoDialect;
use crate::{Diagnostic, codes};

/// Everything after `CREATE FUNCTION`.
pub(super) fn parse_create_function(parser: &mut Parser) -> Result<StatementKind, Failure> {
    let name = table_name(parser)?;
    parser.expect_token(&Token::LParen)?;
    let mut arguments = Vec::new();
    if !parser.consume_token(&Token::RParen) {
        loop {
            let argument = column_name(parser.parse_identifier()?);
            arguments.push((argument, parser.parse_data_type()?));
            if !parser.consume_token(&Token::Comma) {
                break;
            }
        }
        parser.expect_token(&Token::RParen)?;
    }
    parser.expect_keyword(Keyword::RETURNS)?;
    let returns = parser.parse_data_type()?;
    if parser.parse_keyword(Keyword::LANGUAGE) {
        let language = parser.parse_identifier()?;
        if !language.value.eq_ignore_ascii_case("sql") {
            return Err(Diagnostic::error(
                &codes::SQL_FUNCTION,
                format!("functions of a script are written in SQL, not in {}", language.value),
            )
            .at(sql_span(language.span))
            .help("write LANGUAGE SQL, or leave it out")
            .into());
        }
    }
    let _ = parser.parse_keyword(Keyword::IMMUTABLE);
    let body = if parser.parse_keyword(Keyword::RETURN) {
        spanned_expr(parser)?
    } else {
        parser.expect_keyword(Keyword::AS)?;
        text_or_expr(parser)?
    };
    Ok(StatementKind::CreateFunction(Box::new(CreateFunction { name, arguments, returns, body })))
}

/// An expression, or a text with one.
fn text_or_expr(parser: &mut Parser) -> Result<Spanned<ast::Expr>, Failure> {
    let token = parser.peek_token();
    let text = match &token.token {
        Token::SingleQuotedString(text) => text.clone(),
        Token::DollarQuotedString(text) => text.value.clone(),
        _ => return spanned_expr(parser),
    };
    parser.next_token();
    let span = sql_span(token.span);
    let dialect = ArroyoDialect::default();
    let parsed = Parser::new(&dialect).try_with_sql(&text).and_then(|mut inner| {
        let expr = inner.parse_expr()?;
        inner.expect_token(&Token::EOF)?;
        Ok(expr)
    });
    match parsed {
        Ok(node) => Ok(Spanned { node, span }),
        Err(error) => {
            Err(Diagnostic::error(&codes::SQL_FUNCTION, format!("the function's text is not an expression: {error}"))
                .at(span)
                .help("write RETURN and the expression")
                .into())
        }
    }
}
