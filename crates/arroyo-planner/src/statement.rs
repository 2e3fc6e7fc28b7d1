//! Statements of a script as syntax: nothing is resolved, everything knows its place.

mod asof;
mod create_function;
mod create_table;
mod emit;
mod failure;
mod literal;
mod match_recognize;
mod parse;
mod window_tables;

use datafusion::sql::sqlparser::ast;

use crate::Span;

pub(crate) use emit::{EVERY, LATE_ROWS, LATENESS};
pub(crate) use failure::sql_span;
pub(crate) use literal::{interval_of, interval_text};
pub(crate) use match_recognize::{DERIVED, FINAL, MARK, RUNNING, SUBSET, WITHIN};
pub(crate) use parse::{Parsed, parse, parse_query};
pub(crate) use window_tables::PARTITION_BY;

/// A piece of syntax and its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spanned<T> {
    pub(crate) node: T,
    pub(crate) span: Option<Span>,
}

/// One statement.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) span: Option<Span>,
    /// Every identifier of the statement, to find places that DataFusion's errors don't know.
    pub(crate) identifiers: Vec<Spanned<String>>,
    pub(crate) kind: StatementKind,
}

/// What a statement does.
#[derive(Debug)]
pub(crate) enum StatementKind {
    /// `SET name = value`.
    Set { name: Spanned<String>, value: Box<Spanned<ast::Expr>> },
    /// `CREATE TABLE` with columns or a connector.
    CreateTable(Box<CreateTable>),
    /// `CREATE VIEW … AS` and `CREATE TABLE … AS`.
    CreateView { name: Spanned<String>, columns: Vec<Spanned<String>>, query: Box<ast::Query> },
    /// `CREATE FUNCTION`.
    CreateFunction(Box<CreateFunction>),
    /// `SHOW TABLES`.
    ShowTables,
    /// `DESCRIBE table`.
    Describe(Spanned<String>),
    /// `EXPLAIN` of a query or an `INSERT INTO`.
    Explain(Box<StatementKind>),
    /// `EXPLAIN ANALYZE` of a query or an `INSERT INTO`.
    Analyze(Box<StatementKind>),
    /// `INSERT INTO`.
    Insert { table: Spanned<String>, columns: Vec<Spanned<String>>, query: Box<ast::Query> },
    /// A query on its own.
    Query(Box<ast::Query>),
}

/// `CREATE FUNCTION name (arguments) RETURNS type RETURN body`.
#[derive(Debug)]
pub(crate) struct CreateFunction {
    pub(crate) name: Spanned<String>,
    pub(crate) arguments: Vec<(Spanned<String>, ast::DataType)>,
    pub(crate) returns: ast::DataType,
    pub(crate) body: Spanned<ast::Expr>,
}

/// `CREATE [TEMPORARY] TABLE name (…) [PARTITIONED BY (…)] WITH (…)`.
#[derive(Debug, Clone)]
pub(crate) struct CreateTable {
    pub(crate) name: Spanned<String>,
    pub(crate) temporary: bool,
    pub(crate) columns: Vec<Column>,
    pub(crate) watermarks: Vec<Watermark>,
    pub(crate) primary_key: Vec<Spanned<String>>,
    pub(crate) partitioned_by: Vec<Spanned<ast::Expr>>,
    pub(crate) options: Vec<TableOption>,
}

/// A column of `CREATE TABLE`.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) name: Spanned<String>,
    pub(crate) data_type: Spanned<ast::DataType>,
    pub(crate) not_null: bool,
    pub(crate) primary_key: bool,
    pub(crate) source: ColumnSource,
}

/// Where a column's values come from.
#[derive(Debug, Clone)]
pub(crate) enum ColumnSource {
    /// The record.
    Physical,
    /// `METADATA FROM 'key'`.
    Metadata(Spanned<String>),
    /// `GENERATED ALWAYS AS (expr)`.
    Generated(Box<Spanned<ast::Expr>>),
}

/// `WATERMARK FOR column [AS expr]`.
#[derive(Debug, Clone)]
pub(crate) struct Watermark {
    pub(crate) column: Spanned<String>,
    pub(crate) expr: Option<Spanned<ast::Expr>>,
    pub(crate) span: Option<Span>,
}

/// `'key' = value` in `WITH (…)`.
#[derive(Debug, Clone)]
pub(crate) struct TableOption {
    pub(crate) key: Spanned<String>,
    pub(crate) value: Spanned<arroyo_operator::OptionValue>,
}
