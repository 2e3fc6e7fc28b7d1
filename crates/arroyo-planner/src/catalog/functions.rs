//! The functions that queries can call, gathered once.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use datafusion::common::config::ConfigOptions;
use datafusion::logical_expr::expr_rewriter::FunctionRewrite;
use datafusion::logical_expr::planner::{ExprPlanner, RelationPlanner};
use datafusion::logical_expr::{AggregateUDF, HigherOrderUDF, ScalarUDF, WindowUDF};
use datafusion::optimizer::Analyzer;

use crate::query::{MatchRecognizes, WindowTables};

/// All functions by name and alias.
pub(crate) struct Functions {
    pub(super) scalar: BTreeMap<String, Arc<ScalarUDF>>,
    pub(super) higher_order: BTreeMap<String, Arc<HigherOrderUDF>>,
    pub(super) aggregate: BTreeMap<String, Arc<AggregateUDF>>,
    pub(super) window: BTreeMap<String, Arc<WindowUDF>>,
    pub(super) expr_planners: Vec<Arc<dyn ExprPlanner>>,
    pub(super) relation_planners: Vec<Arc<dyn RelationPlanner>>,
    pub(crate) rewrites: Vec<Arc<dyn FunctionRewrite + Send + Sync>>,
    pub(crate) options: Arc<ConfigOptions>,
    pub(crate) analyzer: Analyzer,
}

impl Functions {
    /// The one instance: building it takes longer than planning a query.
    pub(crate) fn get() -> &'static Self {
        static FUNCTIONS: OnceLock<Functions> = OnceLock::new();
        FUNCTIONS.get_or_init(Self::new)
    }

    fn new() -> Self {
        let mut options = ConfigOptions::new();
        options.sql_parser.collect_spans = true;
        options.sql_parser.map_string_types_to_utf8view = false;
        options.execution.target_partitions = 1;
        let rewrites = arroyo_expr::function_rewrites();
        let mut analyzer = Analyzer::new();
        for rewrite in &rewrites {
            analyzer.add_function_rewrite(Arc::clone(rewrite));
        }
        Self {
            scalar: by_name(arroyo_expr::scalar_functions(), |f| f.name(), |f| f.aliases()),
            higher_order: by_name(arroyo_expr::higher_order_functions(), |f| f.name(), |f| f.aliases()),
            aggregate: by_name(arroyo_expr::aggregate_functions(), |f| f.name(), |f| f.aliases()),
            window: by_name(arroyo_expr::window_functions(), |f| f.name(), |f| f.aliases()),
            expr_planners: arroyo_expr::expr_planners(),
            relation_planners: vec![Arc::new(WindowTables), Arc::new(MatchRecognizes)],
            rewrites,
            options: Arc::new(options),
            analyzer,
        }
    }

    /// Whether a name, in lower case, is that of an aggregate function.
    pub(crate) fn is_aggregate(&self, name: &str) -> bool {
        self.aggregate.contains_key(name)
    }

    /// Whether a name, in lower case, is that of a function that needs OVER.
    pub(crate) fn is_for_over(&self, name: &str) -> bool {
        self.window.contains_key(name) && !self.aggregate.contains_key(name)
    }

    /// The names of all functions, for suggestions.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.scalar
            .keys()
            .chain(self.higher_order.keys())
            .chain(self.aggregate.keys())
            .chain(self.window.keys())
            .map(String::as_str)
    }
}

fn by_name<F>(
    functions: Vec<Arc<F>>,
    name: impl Fn(&F) -> &str,
    aliases: impl Fn(&F) -> &[String],
) -> BTreeMap<String, Arc<F>> {
    let mut named = BTreeMap::new();
    for function in functions {
        for alias in aliases(&function) {
            named.insert(alias.clone(), Arc::clone(&function));
        }
        named.insert(name(&function).to_owned(), function);
    }
    named
}
