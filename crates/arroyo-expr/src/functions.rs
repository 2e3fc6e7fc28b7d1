//! All functions that a query can use: DataFusion's, the JSON functions, and our own.
//!
//! A function of ours is one file in `functions/` and one line in [`own_functions`].

mod as_of;
mod emit;
mod extract_json;
mod json_path;
mod multi_hash;
mod processing_time;
mod text_pattern;
mod time_window;
mod window;
mod windows_of;

use std::sync::{Arc, OnceLock};

use datafusion::execution::TaskContext;
use datafusion::execution::session_state::{SessionState, SessionStateBuilder};
use datafusion::execution::{SessionStateDefaults, runtime_env::RuntimeEnv};
use datafusion::logical_expr::expr_rewriter::FunctionRewrite;
use datafusion::logical_expr::planner::ExprPlanner;
use datafusion::logical_expr::{AggregateUDF, HigherOrderUDF, ScalarUDF, WindowUDF};
use datafusion::prelude::SessionConfig;

pub use as_of::AS_OF;
pub use emit::EMIT;
pub use text_pattern::{LIKE_ESCAPE, SIMILAR_TO_ESCAPE};
pub use time_window::{CUMULATE, HOP, ROW_TIME, SESSION, TUMBLE, row_time, window_type};
pub use window::window_of;
pub use windows_of::windows_of_time;

fn own_functions() -> Vec<ScalarUDF> {
    let mut functions = processing_time::processing_time();
    functions.extend([
        as_of::as_of(),
        emit::emit(),
        extract_json::get_first_json_object(),
        extract_json::extract_json(),
        extract_json::extract_json_string(),
        multi_hash::multi_hash(),
        text_pattern::like_escape(),
        text_pattern::similar_to_escape(),
        time_window::tumble(),
        time_window::hop(),
        time_window::cumulate(),
        time_window::session(),
        time_window::row_time_function(),
        window::window(),
        windows_of::windows_of(),
    ]);
    functions
}

fn json_functions() -> Vec<Arc<ScalarUDF>> {
    use datafusion_functions_json::udfs;
    vec![
        udfs::json_as_text_udf(),
        udfs::json_contains_udf(),
        udfs::json_from_scalar_udf(),
        udfs::json_get_udf(),
        udfs::json_get_array_udf(),
        udfs::json_get_bool_udf(),
        udfs::json_get_float_udf(),
        udfs::json_get_int_udf(),
        udfs::json_get_json_udf(),
        udfs::json_get_str_udf(),
        udfs::json_length_udf(),
        udfs::json_object_keys_udf(),
        udfs::json_union_to_text_udf(),
    ]
}

/// Every scalar function. Ours replace DataFusion's of the same name.
pub fn scalar_functions() -> Vec<Arc<ScalarUDF>> {
    let own = own_functions();
    let mut functions = SessionStateDefaults::default_scalar_functions();
    functions.retain(|function| own.iter().all(|own| own.name() != function.name()));
    functions.extend(json_functions());
    functions.extend(own.into_iter().map(Arc::new));
    functions
}

/// Every function that takes a lambda.
pub fn higher_order_functions() -> Vec<Arc<HigherOrderUDF>> {
    SessionStateDefaults::default_higher_order_functions()
}

/// Every aggregate function.
pub fn aggregate_functions() -> Vec<Arc<AggregateUDF>> {
    SessionStateDefaults::default_aggregate_functions()
}

/// Every window (`OVER`) function.
pub fn window_functions() -> Vec<Arc<WindowUDF>> {
    SessionStateDefaults::default_window_functions()
}

/// Planners of operators and literals (`->`, `[…]`, `{…}`, `EXTRACT`, …).
pub fn expr_planners() -> Vec<Arc<dyn ExprPlanner>> {
    let mut planners = SessionStateDefaults::default_expr_planners();
    planners.extend(json_session().into_iter().flat_map(|session| session.expr_planners().to_vec()));
    planners
}

/// Rewrites of function calls that the analyzer applies (they choose the typed JSON accessor under a cast).
pub fn function_rewrites() -> Vec<Arc<dyn FunctionRewrite + Send + Sync>> {
    json_session().map(|session| session.analyzer().function_rewrites().to_vec()).unwrap_or_default()
}

/// The JSON crate hands out its planner and its rewrite only by registering them.
fn json_session() -> Option<SessionState> {
    let mut session = SessionStateBuilder::new().build();
    datafusion_functions_json::register_all(&mut session).ok()?;
    Some(session)
}

/// All functions by name and alias, as decoding and evaluation want them.
pub fn task_context() -> Arc<TaskContext> {
    static CONTEXT: OnceLock<Arc<TaskContext>> = OnceLock::new();
    Arc::clone(CONTEXT.get_or_init(|| {
        let named = |name: &str, aliases: &[String]| -> Vec<String> {
            std::iter::once(name.to_string()).chain(aliases.iter().cloned()).collect()
        };
        let scalar = scalar_functions()
            .into_iter()
            .flat_map(|f| named(f.name(), f.aliases()).into_iter().map(move |name| (name, Arc::clone(&f))))
            .collect();
        let higher_order = higher_order_functions()
            .into_iter()
            .flat_map(|f| named(f.name(), f.aliases()).into_iter().map(move |name| (name, Arc::clone(&f))))
            .collect();
        let aggregate = aggregate_functions()
            .into_iter()
            .flat_map(|f| named(f.name(), f.aliases()).into_iter().map(move |name| (name, Arc::clone(&f))))
            .collect();
        let window = window_functions()
            .into_iter()
            .flat_map(|f| named(f.name(), f.aliases()).into_iter().map(move |name| (name, Arc::clone(&f))))
            .collect();
        Arc::new(TaskContext::new(
            None,
            String::from("arroyo"),
            SessionConfig::new().with_target_partitions(1),
            scalar,
            higher_order,
            aggregate,
            window,
            Arc::new(RuntimeEnv::default()),
        ))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_operators_are_planned() {
        assert!(expr_planners().len() > SessionStateDefaults::default_expr_planners().len());
        assert_eq!(function_rewrites().len(), 1);
    }
}
