//! Statements, one after the other → a [`Script`].

use std::sync::Arc;

use arroyo_operator::Role;
use datafusion::logical_expr::LogicalPlan;
use datafusion::sql::sqlparser::ast;

use super::default_sink::{counting_sink, default_sink};
use super::fixtures;
use super::{Answer, DEFAULT_UPDATING_TTL_NANOS, Script, SinkQuery, TableDef};
use crate::answers::{describe_table, show_tables};
use crate::catalog::{Catalog, Entry, Functions, Named, SILENT, body_faults};
use crate::query::{aliased, columns_of, fit_to_sink, insert_columns, plan_query, union_all};
use crate::request::{PlanRequest, SinkMode};
use crate::statement::{
    CreateFunction, Parsed, Spanned, Statement, StatementKind, interval_of, interval_text, parse, parse_query,
};
use crate::suggest::nearest;
use crate::table::{Created, create_table, stored_table};
use crate::types::type_name;
use crate::{ColumnDef, ColumnKind, Diagnostic, Severity, Span, codes};

/// Settings that `SET` knows.
const SETTINGS: &[&str] = &["updating_ttl"];

/// Resolves a script.
///
/// # Errors
///
/// Every fault that was found, and the warnings.
pub(crate) fn build(request: &PlanRequest) -> Result<Script, Vec<Diagnostic>> {
    build_script(request, false)
}

/// Resolves a script that may ask something, too.
///
/// # Errors
///
/// Every fault that was found, and the warnings.
pub(crate) fn build_with_answers(request: &PlanRequest) -> Result<Script, Vec<Diagnostic>> {
    build_script(request, true)
}

fn build_script(request: &PlanRequest, may_ask: bool) -> Result<Script, Vec<Diagnostic>> {
    let Parsed { statements, broken, mut diagnostics } = parse(&request.sql);
    if statements.is_empty() && diagnostics.is_empty() {
        return Err(vec![
            Diagnostic::error(&codes::EMPTY, "the query is empty").help("write a SELECT, or an INSERT INTO … SELECT"),
        ]);
    }
    let mut builder = Builder {
        request,
        catalog: Catalog::default(),
        script: Script::default(),
        updating_ttl_nanos: DEFAULT_UPDATING_TTL_NANOS,
        queries: 0,
        may_ask,
        analyzed: None,
        counts_only: false,
    };
    for name in &broken {
        builder.catalog.mark_broken(name);
    }
    builder.add_stored_tables(&mut diagnostics);
    for statement in &statements {
        if let Err(found) = builder.statement(statement) {
            diagnostics.extend(found);
        }
    }
    diagnostics.extend(builder.analyzed_among_others());
    diagnostics.extend(fixtures::without_table(&request.fixtures, &builder.catalog));
    if builder.queries == 0 && builder.script.answers.is_empty() && diagnostics.is_empty() {
        diagnostics.push(
            Diagnostic::error(&codes::NO_QUERY, "the script contains no query")
                .help("tables alone do nothing: add a SELECT, or an INSERT INTO … SELECT"),
        );
    }
    diagnostics.retain(|diagnostic| diagnostic.code != SILENT);
    if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        diagnostics.extend(builder.script.warnings);
        diagnostics.sort_by_key(|diagnostic| (diagnostic.span.is_none(), diagnostic.span));
        return Err(diagnostics);
    }
    let mut script = builder.script;
    script.warnings.extend(diagnostics);
    script.used_tables = builder.catalog.used();
    Ok(script)
}

fn memory_table_explained(statement: &Statement) -> Diagnostic {
    Diagnostic::error(&codes::UNSUPPORTED_STATEMENT, "a memory table's query cannot be explained")
        .at(statement.span)
        .help("explain a query that reads the memory table")
}

pub(super) struct Builder<'a> {
    pub(super) request: &'a PlanRequest,
    pub(super) catalog: Catalog,
    pub(super) script: Script,
    pub(super) updating_ttl_nanos: i64,
    /// Queries that write somewhere, also those with faults.
    queries: usize,
    /// Whether there may be statements that ask something.
    may_ask: bool,
    /// Where an analysed query stands.
    analyzed: Option<Option<Span>>,
    /// Whether the rows of a bare query are only counted.
    counts_only: bool,
}

impl Builder<'_> {
    /// Makes the stored tables known; a broken one is a warning, as nobody may use it.
    fn add_stored_tables(&mut self, diagnostics: &mut Vec<Diagnostic>) {
        for stored in &self.request.stored_tables {
            match stored_table(stored, &self.request.profiles) {
                Ok(def) => {
                    let entry = Entry::Table(Arc::new(def));
                    self.catalog.put(Named { name: stored.name.clone(), entry, span: None, stored: true });
                }
                Err(found) => {
                    diagnostics
                        .extend(found.into_iter().map(|found| Diagnostic { severity: Severity::Warning, ..found }));
                }
            }
        }
    }

    fn statement(&mut self, statement: &Statement) -> Result<(), Vec<Diagnostic>> {
        self.statement_of_kind(&statement.kind, statement)
    }

    fn statement_of_kind(&mut self, kind: &StatementKind, statement: &Statement) -> Result<(), Vec<Diagnostic>> {
        match kind {
            StatementKind::CreateFunction(function) => self.create_function(function, statement),
            StatementKind::ShowTables => {
                let text = show_tables(&self.catalog);
                self.answer("SHOW TABLES", Answer::Text(text), statement)
            }
            StatementKind::Describe(table) => {
                let Some(named) = self.catalog.get(&table.node) else {
                    return Err(vec![self.catalog.unknown_table(&table.node).at(table.span)]);
                };
                let text = describe_table(named);
                self.answer("DESCRIBE", Answer::Text(text), statement)
            }
            StatementKind::Explain(explained) => {
                let kept = std::mem::take(&mut self.script.sinks);
                let queries = self.queries;
                let result = self.statement_of_kind(explained, statement);
                self.queries = queries;
                let explained = std::mem::replace(&mut self.script.sinks, kept).pop();
                result?;
                match explained {
                    Some(query) => self.answer("EXPLAIN", Answer::Explain(Box::new(query)), statement),
                    None => Err(vec![memory_table_explained(statement)]),
                }
            }
            StatementKind::Analyze(analyzed) => {
                let queries = self.queries;
                self.analyzed = Some(statement.span);
                self.counts_only = true;
                let result = self.statement_of_kind(analyzed, statement);
                self.counts_only = false;
                result?;
                if self.queries == queries { Err(vec![memory_table_explained(statement)]) } else { Ok(()) }
            }
            StatementKind::Set { name, value } => self.set(name, value),
            StatementKind::CreateTable(table) => {
                let filled = fixtures::filled(table, &self.request.fixtures);
                let table = filled.as_ref().unwrap_or(table);
                let created = self.defined(&table.name, |builder| {
                    create_table(
                        table,
                        statement,
                        &builder.catalog,
                        &builder.request.profiles,
                        &mut builder.script.warnings,
                    )
                })?;
                let entry = match created {
                    Created::Table(def) => Entry::Table(Arc::from(def)),
                    Created::Memory(columns) => Entry::Memory(columns),
                };
                self.put(&table.name, entry);
                Ok(())
            }
            StatementKind::CreateView { name, columns, query } => {
                let plan = self.defined(name, |builder| {
                    let plan = builder.plan(query, statement)?;
                    view_columns(plan, columns, statement)
                })?;
                self.put(name, Entry::View(plan));
                Ok(())
            }
            StatementKind::Insert { table, columns, query } => {
                self.queries += 1;
                self.insert(table, columns, query, statement)
            }
            StatementKind::Query(query) => {
                self.queries += 1;
                let plan = self.plan(query, statement)?;
                self.select(plan, statement)
            }
        }
    }

    fn plan(&mut self, query: &ast::Query, statement: &Statement) -> Result<LogicalPlan, Vec<Diagnostic>> {
        let plan = plan_query(&self.catalog, query, statement);
        let tables = self.note_late_tables(query);
        match (plan, tables) {
            (Ok(plan), Ok(())) => Ok(plan),
            (plan, tables) => Err(plan.err().into_iter().chain(tables.err()).flatten().collect()),
        }
    }

    fn answer(&mut self, what: &str, answer: Answer, statement: &Statement) -> Result<(), Vec<Diagnostic>> {
        if !self.may_ask {
            return Err(vec![
                Diagnostic::error(&codes::UNSUPPORTED_STATEMENT, format!("{what} is no part of a pipeline"))
                    .at(statement.span)
                    .help("`arroyo run` and `arroyo check` answer it"),
            ]);
        }
        self.script.answers.push(answer);
        Ok(())
    }

    /// The figures are those of one query.
    fn analyzed_among_others(&self) -> Option<Diagnostic> {
        let span = self.analyzed.filter(|_| self.queries > 1)?;
        let fault = Diagnostic::error(&codes::UNSUPPORTED_STATEMENT, "EXPLAIN ANALYZE is the only query of its script");
        Some(fault.at(span).help("leave the other queries out, or put EXPLAIN without ANALYZE in front of them"))
    }

    /// Checks a function and remembers it.
    fn create_function(&mut self, function: &CreateFunction, statement: &Statement) -> Result<(), Vec<Diagnostic>> {
        let name = &function.name;
        let taken = self.catalog.sql_functions.contains(&name.node)
            || Functions::get().names().any(|known| known.eq_ignore_ascii_case(&name.node));
        if taken {
            return Err(vec![
                Diagnostic::error(&codes::SQL_FUNCTION, format!("there is a function `{}` already", name.node))
                    .at(name.span)
                    .help("give it another name"),
            ]);
        }
        let faults = body_faults(function);
        if !faults.is_empty() {
            return Err(faults);
        }
        let body = self.catalog.sql_functions.expr(&function.body.node).map_err(|fault| vec![fault])?;
        self.catalog.sql_functions.define(function, body);
        // A call with its own arguments as columns shows whether types fit.
        let arguments: Vec<String> = function.arguments.iter().map(|(name, _)| format!("\"{}\"", name.node)).collect();
        let columns = function
            .arguments
            .iter()
            .map(|(name, data_type)| format!("CAST(NULL AS {data_type}) AS \"{}\"", name.node));
        let columns: Vec<String> = columns.chain(["1 AS \"_one\"".to_owned()]).collect();
        let call = format!("SELECT {}({}) FROM (SELECT {}) AS a", name.node, arguments.join(", "), columns.join(", "));
        let Some(query) = parse_query(&call) else { return Ok(()) };
        plan_query(&self.catalog, &query, statement).map(drop).map_err(|faults| {
            let place = function.body.span;
            let moved =
                faults.into_iter().map(|fault| Diagnostic { code: codes::SQL_FUNCTION.code, ..fault }.at(place));
            moved.collect()
        })
    }

    /// Runs a definition; if it fails, uses of its name are not reported again.
    fn defined<T>(
        &mut self,
        name: &Spanned<String>,
        define: impl FnOnce(&mut Self) -> Result<T, Vec<Diagnostic>>,
    ) -> Result<T, Vec<Diagnostic>> {
        if let Some(existing) = self.catalog.get(&name.node)
            && !existing.stored
        {
            let diagnostic =
                Diagnostic::error(&codes::DUPLICATE_TABLE, format!("the name `{}` is already taken", name.node))
                    .at(name.span);
            return Err(vec![match existing.span {
                Some(span) => diagnostic.help(format!("it is defined in line {}", span.start.line)),
                None => diagnostic,
            }]);
        }
        define(self).inspect_err(|_| self.catalog.mark_broken(&name.node))
    }

    fn put(&mut self, name: &Spanned<String>, entry: Entry) {
        self.catalog.put(Named { name: name.node.clone(), entry, span: name.span, stored: false });
    }

    fn set(&mut self, name: &Spanned<String>, value: &Spanned<ast::Expr>) -> Result<(), Vec<Diagnostic>> {
        if !name.node.eq_ignore_ascii_case("updating_ttl") {
            let help = match nearest(&name.node, SETTINGS.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "the only setting is `updating_ttl`".to_owned(),
            };
            let message = format!("there is no setting `{}`", name.node);
            return Err(vec![Diagnostic::error(&codes::UNKNOWN_SETTING, message).at(name.span).help(help)]);
        }
        let text = match &value.node {
            ast::Expr::Value(text) => text.value.clone().into_string(),
            other => interval_text(other),
        };
        let interval =
            text.ok_or_else(|| "`updating_ttl` is an interval".to_owned()).and_then(|text| interval_of(&text));
        match interval {
            Ok(interval) => {
                self.updating_ttl_nanos = interval.nanos;
                Ok(())
            }
            Err(reason) => Err(vec![
                Diagnostic::error(&codes::OPTION_VALUE, reason)
                    .at(value.span)
                    .help("write `SET updating_ttl = INTERVAL '1 hour'`"),
            ]),
        }
    }

    /// A query on its own: its rows go to the default sink.
    fn select(&mut self, plan: LogicalPlan, statement: &Statement) -> Result<(), Vec<Diagnostic>> {
        let number = self.script.sinks.len() + 1;
        let columns = columns_of(&plan);
        let mapping: Vec<Option<usize>> = (0..columns.len()).map(Some).collect();
        let sink =
            if self.counts_only { counting_sink(columns)? } else { default_sink(self.request, columns, number)? };
        let plan = fit_to_sink(plan, &sink.name, &sink.columns, &mapping, statement)?;
        self.sink(sink, plan, statement)
    }

    fn insert(
        &mut self,
        table: &Spanned<String>,
        columns: &[Spanned<String>],
        query: &ast::Query,
        statement: &Statement,
    ) -> Result<(), Vec<Diagnostic>> {
        if self.catalog.is_broken(&table.node) {
            // The query may have faults of its own.
            self.plan(query, statement)?;
            return Ok(());
        }
        let target = self.target(table);
        let plan = self.plan(query, statement);
        let (target, plan) = match (target, plan) {
            (Ok(target), Ok(plan)) => (target, plan),
            (target, plan) => {
                let mut found = target.err().into_iter().collect::<Vec<_>>();
                found.extend(plan.err().into_iter().flatten());
                return Err(found);
            }
        };
        self.catalog.mark_used(&table.node);
        match target {
            Target::Memory(memory) => self.insert_memory(table, &memory, columns, plan, statement),
            Target::Table(def) => self.insert_table(table, &def, columns, plan, statement),
        }
    }

    /// The table that an `INSERT` names, if it can be written.
    pub(super) fn target(&self, table: &Spanned<String>) -> Result<Target, Diagnostic> {
        let Some(named) = self.catalog.get(&table.node) else {
            return Err(self.catalog.unknown_table(&table.node).at(table.span));
        };
        match &named.entry {
            Entry::Memory(columns) => Ok(Target::Memory(columns.clone())),
            Entry::View(_) => Err(Diagnostic::error(
                &codes::INSERT_TARGET,
                format!(
                    "nothing can be inserted into `{}`: it is a view, or a memory table that is filled",
                    named.name
                ),
            )
            .at(table.span)
            .help("a memory table takes one INSERT INTO; use UNION ALL to put several queries into it")),
            Entry::Table(def) if def.lookup.is_some() => Err(Diagnostic::error(
                &codes::INSERT_TARGET,
                format!("`{}` is a lookup table and cannot be written", named.name),
            )
            .at(table.span)
            .help("create another table of this connector with `type = 'sink'`")),
            Entry::Table(def) if def.role == Some(Role::Source) || !def.options.roles.contains(&Role::Sink) => Err(
                Diagnostic::error(&codes::INSERT_TARGET, format!("`{}` is a source and cannot be written", named.name))
                    .at(table.span)
                    .help("create another table with `type = 'sink'`"),
            ),
            Entry::Table(def) => Ok(Target::Table(Arc::clone(def))),
        }
    }

    fn insert_memory(
        &mut self,
        table: &Spanned<String>,
        memory: &[ColumnDef],
        columns: &[Spanned<String>],
        plan: LogicalPlan,
        statement: &Statement,
    ) -> Result<(), Vec<Diagnostic>> {
        let mapping = insert_columns(&table.node, memory, columns)?;
        let plan = fit_to_sink(plan, &table.node, memory, &mapping, statement)?;
        self.catalog.replace(&table.node, Entry::View(plan));
        // It is read by a query, or else it does nothing.
        self.queries -= 1;
        Ok(())
    }

    fn insert_table(
        &mut self,
        table: &Spanned<String>,
        def: &Arc<TableDef>,
        columns: &[Spanned<String>],
        plan: LogicalPlan,
        statement: &Statement,
    ) -> Result<(), Vec<Diagnostic>> {
        let mut sink = Arc::clone(def);
        if def.columns.is_empty() {
            let inferred = TableDef { columns: columns_of(&plan), ..def.as_ref().clone() };
            sink = Arc::new(inferred);
            self.catalog.replace(&table.node, Entry::Table(Arc::clone(&sink)));
        }
        only_written_columns(table, &sink)?;
        let mapping = insert_columns(&sink.name, &sink.columns, columns)?;
        let plan = fit_to_sink(plan, &sink.name, &sink.columns, &mapping, statement)?;
        self.sink(sink, plan, statement)
    }

    /// Writes `plan` to `sink`, as the request's mode wants it.
    fn sink(&mut self, sink: Arc<TableDef>, plan: LogicalPlan, statement: &Statement) -> Result<(), Vec<Diagnostic>> {
        let is_preview = sink.connector == super::default_sink::PREVIEW;
        let mode = self.request.sinks;
        if is_preview || mode != SinkMode::PreviewOnly {
            let sink = Arc::clone(&sink);
            self.write(sink, plan.clone(), statement)?;
        }
        if !is_preview && mode != SinkMode::AsWritten {
            let preview = super::default_sink::preview(&sink.name, sink.columns.clone())?;
            self.write(preview, plan, statement)?;
        }
        Ok(())
    }

    fn write(&mut self, sink: Arc<TableDef>, plan: LogicalPlan, statement: &Statement) -> Result<(), Vec<Diagnostic>> {
        if let Some(existing) = self
            .script
            .sinks
            .iter_mut()
            .find(|existing| existing.sink.name == sink.name && existing.sink.connector == sink.connector)
        {
            let earlier = existing.plan.clone();
            if let Some((left, right)) = earlier
                .schema()
                .fields()
                .iter()
                .zip(plan.schema().fields())
                .find(|(left, right)| left.data_type() != right.data_type())
            {
                return Err(vec![
                    Diagnostic::error(
                        &codes::COLUMN_TYPE,
                        format!(
                            "`{}` is {} here and {} in an earlier INSERT",
                            right.name(),
                            type_name(right.data_type()),
                            type_name(left.data_type())
                        ),
                    )
                    .at(statement.span),
                ]);
            }
            existing.plan = union_all(earlier, plan, statement)?;
            return Ok(());
        }
        let updating_ttl_nanos = self.updating_ttl_nanos;
        self.script.sinks.push(SinkQuery { sink, plan, updating_ttl_nanos, span: statement.span });
        Ok(())
    }
}

/// Refuses sinks with columns that nobody can write.
pub(super) fn only_written_columns(table: &Spanned<String>, sink: &TableDef) -> Result<(), Vec<Diagnostic>> {
    let Some(column) = sink.columns.iter().find(|column| column.kind != ColumnKind::Physical) else { return Ok(()) };
    let message = format!("the sink `{}` has a generated or metadata column `{}`", sink.name, column.name);
    Err(vec![
        Diagnostic::error(&codes::INSERT_TARGET, message)
            .at(table.span)
            .help("columns of sinks are written as they are: declare them without GENERATED and METADATA"),
    ])
}

/// What an `INSERT` writes to.
pub(super) enum Target {
    Memory(Vec<ColumnDef>),
    Table(Arc<TableDef>),
}

/// A view's plan under the names that the view gives its columns.
fn view_columns(
    plan: LogicalPlan,
    columns: &[Spanned<String>],
    statement: &Statement,
) -> Result<LogicalPlan, Vec<Diagnostic>> {
    let names: Vec<&str> = columns.iter().map(|column| column.node.as_str()).collect();
    let found = plan.schema().fields().len();
    if names.is_empty() {
        return Ok(plan);
    }
    if names.len() != found {
        return Err(vec![
            Diagnostic::error(
                &codes::COLUMN_COUNT,
                format!("the view names {} columns, its query has {found}", names.len()),
            )
            .at(columns.first().and_then(|column| column.span)),
        ]);
    }
    aliased(plan, &names)
        .map_err(|error| vec![Diagnostic::error(&codes::QUERY, error.strip_backtrace()).at(statement.span)])
}
