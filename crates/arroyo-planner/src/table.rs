//! `CREATE TABLE` → a table whose options, columns and expressions are checked.

mod columns;
mod lookup;
mod options;
mod schema;
mod stored;
mod watermark;

use arroyo_operator::{Connector, Role, TableOptions, TableRequest};
use datafusion::logical_expr::Expr;

use crate::catalog::Catalog;
use crate::request::StoredProfile;
use crate::statement::{CreateTable, Spanned, Statement};
use crate::suggest::{list, nearest};
use crate::{ColumnDef, ColumnKind, Diagnostic, LookupCache, TableDef, codes};

use options::Options;

pub(crate) use stored::stored_table;
pub use stored::{check_stored_schema, check_stored_table};

/// What `CREATE TABLE` makes.
pub(crate) enum Created {
    /// A connection table.
    Table(Box<TableDef>),
    /// A memory table.
    Memory(Vec<ColumnDef>),
}

/// Checks a `CREATE TABLE`.
///
/// # Errors
///
/// Every fault of it. Warnings go to `warnings`.
pub(crate) fn create_table(
    table: &CreateTable,
    statement: &Statement,
    catalog: &Catalog,
    profiles: &[StoredProfile],
    warnings: &mut Vec<Diagnostic>,
) -> Result<Created, Vec<Diagnostic>> {
    let mut diagnostics = Vec::new();
    let mut options = Options::new(&table.options, &mut diagnostics);
    let columns = columns::columns(table, catalog, statement, &mut diagnostics);
    let Some(id) = options.text("connector", &mut diagnostics).filter(|id| id.node != "memory") else {
        memory_table(table, &options, &mut diagnostics);
        return finish(diagnostics, || Created::Memory(columns));
    };
    let Some(connector) = arroyo_connectors::connector(&id.node) else {
        diagnostics.push(unknown_connector(&id));
        return Err(diagnostics);
    };
    let parts = Parts { table, statement, catalog, profiles, connector, id };
    match parts.build(options, columns, &mut diagnostics, warnings) {
        Some(def) => finish(diagnostics, || Created::Table(Box::new(def))),
        None => Err(diagnostics),
    }
}

fn finish(diagnostics: Vec<Diagnostic>, created: impl FnOnce() -> Created) -> Result<Created, Vec<Diagnostic>> {
    if diagnostics.is_empty() { Ok(created()) } else { Err(diagnostics) }
}

fn unknown_connector(id: &Spanned<String>) -> Diagnostic {
    let all: Vec<_> = arroyo_connectors::connectors().iter().map(|connector| connector.description()).collect();
    let names: Vec<&str> = all.iter().filter(|shown| !shown.hidden).map(|shown| shown.id).collect();
    let help = match nearest(&id.node, all.iter().map(|known| known.id)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("connectors are {}", list(&names, 30)),
    };
    Diagnostic::error(&codes::UNKNOWN_CONNECTOR, format!("there is no connector `{}`", id.node)).at(id.span).help(help)
}

fn memory_table(table: &CreateTable, options: &Options, diagnostics: &mut Vec<Diagnostic>) {
    let mut refuse = |message: String, span| {
        diagnostics.push(
            Diagnostic::error(&codes::MEMORY_TABLE, message)
                .at(span)
                .help("a table without a `connector` only names the rows of an INSERT INTO; add a connector to read or write data"),
        );
    };
    for (key, span) in options.rest() {
        refuse(format!("a table without a connector has no option `{key}`"), span);
    }
    for column in &table.columns {
        if !matches!(column.source, crate::statement::ColumnSource::Physical) {
            refuse("a table without a connector has no generated or metadata columns".to_owned(), column.name.span);
        }
    }
    if let Some(watermark) = table.watermarks.first() {
        refuse("a table without a connector has no watermark".to_owned(), watermark.span);
    }
    if table.temporary {
        refuse("a lookup table needs a connector".to_owned(), table.name.span);
    }
    if let Some(expr) = table.partitioned_by.first() {
        refuse("a table without a connector has no partitions".to_owned(), expr.span);
    }
    if table.columns.is_empty() {
        refuse(format!("the table `{}` has no columns and no connector", table.name.node), table.name.span);
    }
}

/// What a connection table is built from.
struct Parts<'a> {
    table: &'a CreateTable,
    statement: &'a Statement,
    catalog: &'a Catalog,
    profiles: &'a [StoredProfile],
    connector: &'static dyn Connector,
    id: Spanned<String>,
}

impl Parts<'_> {
    fn build(
        &self,
        mut options: Options,
        columns: Vec<ColumnDef>,
        diagnostics: &mut Vec<Diagnostic>,
        warnings: &mut Vec<Diagnostic>,
    ) -> Option<TableDef> {
        let role = self.role(&mut options, diagnostics);
        let lookup = (role == Some(Role::Lookup)).then(|| options.lookup_cache(diagnostics));
        self.profile(&mut options, diagnostics);
        let legacy = watermark::Legacy::take(&mut options, diagnostics);
        let idle_nanos = options.idle(diagnostics);
        let updating_ttl_nanos = options.updating_ttl(diagnostics);
        let format_name = options.text("format", diagnostics);
        let declared = schema::declared(&columns);
        let payload = schema::payload(&columns);
        let format = match &format_name {
            Some(name) => schema::format(name, &mut options, payload.as_ref(), diagnostics),
            None => None,
        };
        let request = TableRequest {
            name: self.table.name.node.clone(),
            options: options.values(),
            role,
            columns: declared,
            format: format_name.as_ref().map(|name| name.node.to_ascii_lowercase()),
        };
        let mut validated = match self.connector.validate(&request) {
            Ok(validated) => validated,
            Err(errors) => {
                diagnostics.extend(errors.into_iter().map(|error| options.fault(error, self.id.span)));
                return None;
            }
        };
        self.check_role(role, &validated, &options, diagnostics);
        if validated.needs_format && format_name.is_none() {
            diagnostics.push(
                Diagnostic::error(&codes::FORMAT, format!("the connector `{}` needs a format", self.id.node))
                    .at(self.id.span)
                    .help("add `format = 'json'`, for example"),
            );
        }
        if let Some(name) = &format_name
            && !validated.needs_format
            && validated.columns.is_some()
        {
            diagnostics.push(
                Diagnostic::error(&codes::FORMAT, format!("the connector `{}` makes its own rows", self.id.node))
                    .at(name.span)
                    .help("leave out the format"),
            );
        }
        let columns = schema::complete(self, columns, &validated, format.as_ref(), diagnostics);
        schema::check_metadata(self, &columns, diagnostics);
        let primary_key = self.primary_key(&columns, lookup, diagnostics);
        let watermark = watermark::watermark(self, &columns, &legacy, diagnostics, warnings);
        self.partition_by(&columns, &options, &mut validated, diagnostics);
        let format = match format.map(|format| schema::with_key(format, &primary_key).to_json()) {
            None => serde_json::Value::Null,
            Some(Ok(json)) => json,
            Some(Err(error)) => {
                diagnostics.push(Diagnostic::error(&codes::FORMAT, error.to_string()).at(self.id.span));
                serde_json::Value::Null
            }
        };
        Some(TableDef {
            name: self.table.name.node.clone(),
            connector: self.id.node.clone(),
            role,
            lookup,
            options: validated,
            format,
            columns,
            watermark,
            primary_key,
            idle_nanos,
            updating_ttl_nanos,
            span: self.statement.span,
        })
    }

    /// `type`; TEMPORARY says lookup.
    fn role(&self, options: &mut Options, diagnostics: &mut Vec<Diagnostic>) -> Option<Role> {
        let written = options.text("type", diagnostics);
        let role = match written.as_ref().map(|text| text.node.to_ascii_lowercase()).as_deref() {
            None => self.table.temporary.then_some(Role::Lookup),
            Some("source") => Some(Role::Source),
            Some("sink") => Some(Role::Sink),
            Some("lookup") => Some(Role::Lookup),
            Some(other) => {
                diagnostics.push(
                    Diagnostic::error(&codes::OPTION_VALUE, format!("`{other}` is not a type of table"))
                        .at(written.as_ref().and_then(|text| text.span))
                        .help("use `source`, `sink` or `lookup`"),
                );
                None
            }
        };
        if self.table.temporary && role != Some(Role::Lookup) {
            diagnostics.push(
                Diagnostic::error(&codes::OPTION_VALUE, "a TEMPORARY table is a lookup table")
                    .at(written.and_then(|text| text.span))
                    .help("write `type = 'lookup'`, or leave out TEMPORARY"),
            );
        }
        role
    }

    fn check_role(
        &self,
        role: Option<Role>,
        validated: &TableOptions,
        options: &Options,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let at = options.value_span("type").or(self.id.span);
        let is_possible = |role: &Role| {
            validated.roles.contains(role) && (*role != Role::Lookup || self.connector.description().lookup)
        };
        let Some(role) = role.filter(|role| !is_possible(role)) else { return };
        let id = &self.id.node;
        let (message, help) = match role {
            Role::Source => {
                (format!("the connector `{id}` cannot be a source"), "its tables can only be written".to_owned())
            }
            Role::Sink => (format!("the connector `{id}` cannot be a sink"), "its tables can only be read".to_owned()),
            Role::Lookup => (format!("the connector `{id}` has no lookup tables"), lookup::connectors()),
        };
        diagnostics.push(Diagnostic::error(&codes::ROLE, message).at(at).help(help));
    }

    /// Adds the options of the profile that the table names.
    fn profile(&self, options: &mut Options, diagnostics: &mut Vec<Diagnostic>) {
        let Some(name) = options.text("connection_profile", diagnostics) else { return };
        let names: Vec<&str> =
            self.profiles.iter().filter(|p| p.connector == self.id.node).map(|p| p.name.as_str()).collect();
        match self.profiles.iter().find(|profile| profile.name == name.node) {
            Some(profile) if profile.connector == self.id.node => options.add_json(&profile.config),
            Some(profile) => diagnostics.push(
                Diagnostic::error(
                    &codes::UNKNOWN_PROFILE,
                    format!("the profile `{}` is for the connector `{}`", name.node, profile.connector),
                )
                .at(name.span),
            ),
            None => {
                let help = match nearest(&name.node, names.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if names.is_empty() => "create it in the web UI or through the API".to_owned(),
                    None => format!("profiles are {}", list(&names, 8)),
                };
                let message = format!("there is no connection profile `{}`", name.node);
                diagnostics.push(Diagnostic::error(&codes::UNKNOWN_PROFILE, message).at(name.span).help(help));
            }
        }
    }

    fn primary_key(
        &self,
        columns: &[ColumnDef],
        lookup: Option<LookupCache>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<String> {
        let inline = self.table.columns.iter().filter(|column| column.primary_key).map(|column| &column.name);
        let mut key = Vec::new();
        for name in inline.chain(&self.table.primary_key) {
            if !columns.iter().any(|column| column.name == name.node) {
                diagnostics.push(unknown_column(name, columns));
            } else if !key.contains(&name.node) {
                key.push(name.node.clone());
            }
        }
        lookup::check(self, lookup, columns, &key, diagnostics);
        key
    }

    /// `PARTITIONED BY`, which is the connector's to understand.
    fn partition_by(
        &self,
        columns: &[ColumnDef],
        options: &Options,
        table: &mut TableOptions,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let Some(schema) = schema::df_schema(columns) else { return };
        let mut names = Vec::new();
        for expr in &self.table.partitioned_by {
            match crate::query::plan_expr(self.catalog, expr, &schema, None, self.statement) {
                Ok(Expr::Column(column)) => names.push(column.name),
                Ok(_) => diagnostics.push(
                    Diagnostic::error(&codes::OPTION_VALUE, "a table is partitioned by columns")
                        .at(expr.span)
                        .help("write the value to a column of its own, and name that"),
                ),
                Err(found) => diagnostics.extend(found),
            }
        }
        if names.len() < self.table.partitioned_by.len() {
            return;
        }
        let place = self.table.partitioned_by.first().map_or(self.id.span, |first| first.span);
        if let Err(error) = self.connector.partition_by(table, &names) {
            diagnostics.push(options.fault(error, place));
        }
    }
}

/// A name that is not a column of the table.
fn unknown_column(name: &Spanned<String>, columns: &[ColumnDef]) -> Diagnostic {
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let help = match nearest(&name.node, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if names.is_empty() => "the table has no columns".to_owned(),
        None => format!("the columns are {}", list(&names, 8)),
    };
    Diagnostic::error(&codes::UNKNOWN_COLUMN, format!("there is no column `{}`", name.node)).at(name.span).help(help)
}

/// Whether a column comes with the record.
fn is_input(column: &ColumnDef) -> bool {
    !matches!(column.kind, ColumnKind::Generated { .. })
}
