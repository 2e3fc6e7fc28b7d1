//! What names mean in a script: tables, views and functions.

mod functions;
mod sql_functions;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use arrow::datatypes::{DataType, SchemaRef};
use arroyo_operator::Role;
use datafusion::common::config::ConfigOptions;
use datafusion::common::{DataFusionError, TableReference};
use datafusion::error::Result;
use datafusion::logical_expr::planner::{ContextProvider, ExprPlanner, RelationPlanner, TypePlanner};
use datafusion::logical_expr::{AggregateUDF, Expr, HigherOrderUDF, LogicalPlan, ScalarUDF, TableSource, WindowUDF};
use indexmap::IndexMap;

use crate::query::LetterCase;
use crate::suggest::{list, nearest};
use crate::types::SqlTypes;
use crate::{ColumnDef, Diagnostic, Span, StreamTable, TableDef, codes};

pub(crate) use functions::Functions;
pub(crate) use sql_functions::{SqlFunctions, body_faults};

/// What a table's name means.
#[derive(Debug, Clone)]
pub(crate) enum Entry {
    /// A connection table; columns may be missing until the first `INSERT`.
    Table(Arc<TableDef>),
    /// A view, or a memory table that has been filled.
    View(LogicalPlan),
    /// A memory table that has not been filled.
    Memory(Vec<ColumnDef>),
}

/// A named entry.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    /// The name as it was first written.
    pub(crate) name: String,
    pub(crate) entry: Entry,
    pub(crate) span: Option<Span>,
    /// Whether it was created outside of the script.
    pub(crate) stored: bool,
}

/// Tables by name, whatever their case.
#[derive(Debug, Default)]
pub(crate) struct Catalog {
    entries: IndexMap<String, Named>,
    /// Names whose definition was rejected: using them is not another error.
    broken: BTreeSet<String>,
    /// Functions that the script defines.
    pub(crate) sql_functions: SqlFunctions,
    used: RefCell<BTreeSet<String>>,
}

/// A diagnostic that travels through DataFusion.
#[derive(Debug)]
pub(crate) struct Raised(pub(crate) Diagnostic);

impl fmt::Display for Raised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Raised {}

/// The code of the silent error for names whose definition was already rejected.
pub(crate) const SILENT: &str = "";

impl Catalog {
    /// What a name means.
    pub(crate) fn get(&self, name: &str) -> Option<&Named> {
        self.entries.get(&name.to_lowercase())
    }

    /// Gives a name a meaning; the caller has checked that it is free.
    pub(crate) fn put(&mut self, named: Named) {
        self.entries.insert(named.name.to_lowercase(), named);
    }

    /// Gives a name another meaning.
    pub(crate) fn replace(&mut self, name: &str, entry: Entry) {
        if let Some(named) = self.entries.get_mut(&name.to_lowercase()) {
            named.entry = entry;
        }
    }

    /// Remembers that a definition was rejected.
    pub(crate) fn mark_broken(&mut self, name: &str) {
        self.broken.insert(name.to_lowercase());
    }

    /// Whether a definition was rejected.
    pub(crate) fn is_broken(&self, name: &str) -> bool {
        self.broken.contains(&name.to_lowercase())
    }

    /// How the columns of all tables are written.
    pub(crate) fn letter_case(&self) -> LetterCase {
        LetterCase::of(self.entries.values().flat_map(|named| -> Box<dyn Iterator<Item = (&str, &DataType)>> {
            match &named.entry {
                Entry::Table(def) => {
                    Box::new(def.columns.iter().map(|column| (column.name.as_str(), &column.data_type)))
                }
                Entry::Memory(columns) => {
                    Box::new(columns.iter().map(|column| (column.name.as_str(), &column.data_type)))
                }
                Entry::View(plan) => {
                    Box::new(plan.schema().fields().iter().map(|field| (field.name().as_str(), field.data_type())))
                }
            }
        }))
    }

    /// All tables, in the order in which they were created.
    pub(crate) fn tables(&self) -> impl Iterator<Item = &Named> {
        self.entries.values()
    }

    /// Remembers that a stored table is used.
    pub(crate) fn mark_used(&self, name: &str) {
        if let Some(named) = self.get(name)
            && named.stored
        {
            self.used.borrow_mut().insert(named.name.clone());
        }
    }

    /// Names of the stored tables that were used.
    pub(crate) fn used(&self) -> Vec<String> {
        self.used.borrow().iter().cloned().collect()
    }

    /// A table that does not exist, with the nearest one that does.
    pub(crate) fn unknown_table(&self, name: &str) -> Diagnostic {
        let names: Vec<&str> = self.entries.values().map(|named| named.name.as_str()).collect();
        let help = match nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if names.is_empty() => "create it with CREATE TABLE before this statement".to_owned(),
            None => format!("there are {}; a table must be created before it is used", list(&names, 6)),
        };
        Diagnostic::error(&codes::UNKNOWN_TABLE, format!("there is no table `{name}`")).help(help)
    }

    fn source(&self, name: &str) -> std::result::Result<Arc<dyn TableSource>, Diagnostic> {
        if self.is_broken(name) {
            let mut silent = Diagnostic::error(&codes::UNKNOWN_TABLE, "");
            silent.code = SILENT;
            return Err(silent);
        }
        let Some(named) = self.get(name) else { return Err(self.unknown_table(name)) };
        self.mark_used(name);
        match &named.entry {
            Entry::View(plan) => Ok(Arc::new(View::new(plan.clone()))),
            Entry::Memory(_) => Err(Diagnostic::error(
                &codes::EMPTY_MEMORY_TABLE,
                format!("the memory table `{}` is read before anything is inserted into it", named.name),
            )
            .help("put the INSERT INTO before this statement")),
            Entry::Table(def) => {
                let sink_only = def.role == Some(Role::Sink) || !def.options.roles.contains(&Role::Source);
                if sink_only && def.lookup.is_none() {
                    return Err(Diagnostic::error(
                        &codes::READ_FROM_SINK,
                        format!("`{}` is a sink and cannot be read", named.name),
                    )
                    .help("read the query that fills it: put it in a view and use the view in both places"));
                }
                Ok(Arc::new(StreamTable::new(Arc::clone(def))))
            }
        }
    }
}

/// A view as DataFusion sees it; it is inlined where it is read.
struct View {
    plan: LogicalPlan,
    schema: SchemaRef,
}

impl View {
    fn new(plan: LogicalPlan) -> Self {
        let schema = Arc::clone(plan.schema().inner());
        Self { plan, schema }
    }
}

impl TableSource for View {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn get_logical_plan(&self) -> Option<Cow<'_, LogicalPlan>> {
        Some(Cow::Borrowed(&self.plan))
    }
}

/// The catalog together with the functions: what DataFusion's planner asks.
pub(crate) struct Context<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) functions: &'static Functions,
}

impl ContextProvider for Context<'_> {
    fn get_table_source(&self, name: TableReference) -> Result<Arc<dyn TableSource>> {
        let source = if name.schema().is_some() {
            Err(Diagnostic::error(&codes::QUALIFIED_NAME, format!("`{name}` has more than one part"))
                .help("there are no schemas or catalogs: use a name of one part"))
        } else {
            self.catalog.source(name.table())
        };
        source.map_err(|diagnostic| DataFusionError::External(Box::new(Raised(diagnostic))))
    }

    fn get_table_function_source(&self, name: &str, _args: Vec<Expr>) -> Result<Arc<dyn TableSource>> {
        let diagnostic = Diagnostic::error(&codes::UNSUPPORTED_QUERY, format!("there is no table function `{name}`"))
            .help("read from a table");
        Err(DataFusionError::External(Box::new(Raised(diagnostic))))
    }

    fn get_expr_planners(&self) -> &[Arc<dyn ExprPlanner>] {
        &self.functions.expr_planners
    }

    fn get_relation_planners(&self) -> &[Arc<dyn RelationPlanner>] {
        &self.functions.relation_planners
    }

    fn get_type_planner(&self) -> Option<Arc<dyn TypePlanner>> {
        Some(Arc::new(SqlTypes))
    }

    fn get_function_meta(&self, name: &str) -> Option<Arc<ScalarUDF>> {
        self.functions.scalar.get(name).cloned()
    }

    fn get_higher_order_meta(&self, name: &str) -> Option<Arc<HigherOrderUDF>> {
        self.functions.higher_order.get(name).cloned()
    }

    fn get_aggregate_meta(&self, name: &str) -> Option<Arc<AggregateUDF>> {
        self.functions.aggregate.get(name).cloned()
    }

    fn get_window_meta(&self, name: &str) -> Option<Arc<WindowUDF>> {
        self.functions.window.get(name).cloned()
    }

    fn get_variable_type(&self, _names: &[String]) -> Option<DataType> {
        None
    }

    fn options(&self) -> &ConfigOptions {
        &self.functions.options
    }

    fn udf_names(&self) -> Vec<String> {
        self.functions.scalar.keys().cloned().collect()
    }

    fn higher_order_function_names(&self) -> Vec<String> {
        self.functions.higher_order.keys().cloned().collect()
    }

    fn udaf_names(&self) -> Vec<String> {
        self.functions.aggregate.keys().cloned().collect()
    }

    fn udwf_names(&self) -> Vec<String> {
        self.functions.window.keys().cloned().collect()
    }
}

impl Raised {
    /// The diagnostic inside of an error of the outside world, if it is ours.
    pub(crate) fn of<'a>(error: &'a (dyn std::error::Error + Send + Sync + 'static)) -> Option<&'a Diagnostic> {
        (error as &(dyn std::error::Error + 'static)).downcast_ref::<Self>().map(|raised| &raised.0)
    }
}
