//! Windows that have a name, written out where they are used.
//!
//! ```text
//! before:  SELECT sum(x) OVER v FROM t WINDOW w AS (PARTITION BY k), v AS (w ORDER BY at)
//! after:   SELECT sum(x) OVER (PARTITION BY k ORDER BY at) FROM t
//! ```

use std::collections::HashMap;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    Expr, Ident, NamedWindowExpr, Query, Select, SetExpr, VisitMut, VisitorMut, WindowSpec, WindowType,
};

use super::names::key_of;
use super::visit::visit_all;
use crate::statement::sql_span;
use crate::{Diagnostic, codes};

/// Rewrites the windows of a query.
///
/// # Errors
///
/// A window is named that is not there, or contradicts the one that it is made of.
pub(super) fn rewrite(query: &mut Query) -> Result<(), Vec<Diagnostic>> {
    let mut rewriter = Rewriter { faults: Vec::new() };
    visit_all(query, &mut rewriter);
    if rewriter.faults.is_empty() { Ok(()) } else { Err(rewriter.faults) }
}

struct Rewriter {
    faults: Vec<Diagnostic>,
}

impl VisitorMut for Rewriter {
    type Break = ();

    /// Subqueries are done before the query that has them, so that their names do not meet.
    fn post_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        let Query { body, order_by, .. } = query;
        let known = match body.as_mut() {
            SetExpr::Select(select) => self.select(select),
            other => {
                self.body(other);
                Windows::new()
            }
        };
        self.uses(order_by, known);
        ControlFlow::Continue(())
    }
}

/// Windows by the names that they have, in lower case unless quoted.
type Windows = HashMap<String, WindowSpec>;

impl Rewriter {
    fn body(&mut self, body: &mut SetExpr) {
        match body {
            SetExpr::Select(select) => {
                self.select(select);
            }
            SetExpr::SetOperation { left, right, .. } => {
                self.body(left);
                self.body(right);
            }
            _ => {}
        }
    }

    fn select(&mut self, select: &mut Select) -> Windows {
        let mut known = Windows::new();
        for definition in std::mem::take(&mut select.named_window) {
            let spec = match definition.1 {
                NamedWindowExpr::NamedWindow(name) => self.found(&name, &known),
                NamedWindowExpr::WindowSpec(spec) => self.written_out(spec, &known),
            };
            if let Some(spec) = spec
                && known.insert(key_of(&definition.0), spec).is_some()
            {
                let message = format!("there are two windows `{}`", definition.0.value);
                let fault = Diagnostic::error(&codes::QUERY, message).at(sql_span(definition.0.span));
                self.faults.push(fault.help("give one of them another name"));
            }
        }
        self.uses(&mut select.projection, known.clone());
        self.uses(&mut select.qualify, known.clone());
        known
    }

    /// Replaces the names in expressions.
    fn uses(&mut self, exprs: &mut impl VisitMut, known: Windows) {
        struct Uses<'a> {
            rewriter: &'a mut Rewriter,
            known: Windows,
        }
        impl VisitorMut for Uses<'_> {
            type Break = ();

            fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
                if let Expr::Function(call) = expr {
                    let spec = match call.over.take() {
                        None => None,
                        Some(WindowType::NamedWindow(name)) => self.rewriter.found(&name, &self.known),
                        Some(WindowType::WindowSpec(spec)) => self.rewriter.written_out(spec, &self.known),
                    };
                    call.over = spec.map(WindowType::WindowSpec);
                }
                ControlFlow::Continue(())
            }
        }
        visit_all(exprs, &mut Uses { rewriter: self, known });
    }

    fn found(&mut self, name: &Ident, known: &Windows) -> Option<WindowSpec> {
        let found = known.get(&key_of(name)).cloned();
        if found.is_none() {
            let message = format!("there is no window `{}`", name.value);
            let fault = Diagnostic::error(&codes::QUERY, message).at(sql_span(name.span));
            self.faults.push(fault.help("define it behind the conditions: WINDOW w AS (PARTITION BY … ORDER BY …)"));
        }
        found
    }

    /// A window with what the one that it is made of says.
    fn written_out(&mut self, mut spec: WindowSpec, known: &Windows) -> Option<WindowSpec> {
        let Some(name) = spec.window_name.take() else { return Some(spec) };
        let base = self.found(&name, known)?;
        let again = if !spec.partition_by.is_empty() {
            Some("PARTITION BY")
        } else if !spec.order_by.is_empty() && !base.order_by.is_empty() {
            Some("ORDER BY")
        } else if base.window_frame.is_some() {
            Some("a frame")
        } else {
            None
        };
        if let Some(what) = again {
            let message = format!("the window `{}` cannot be given {what} of its own here", name.value);
            let fault = Diagnostic::error(&codes::QUERY, message).at(sql_span(name.span));
            self.faults.push(fault.help("write the window out, without its name"));
            return None;
        }
        spec.partition_by = base.partition_by;
        if spec.order_by.is_empty() {
            spec.order_by = base.order_by;
        }
        Some(spec)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::visit::testing::parsed;

    fn rewritten(text: &str) -> Result<String, Vec<String>> {
        let mut query = parsed(text);
        let result = rewrite(&mut query).map(|()| query.to_string());
        result.map_err(|faults| faults.into_iter().map(|fault| fault.message).collect())
    }

    #[test]
    fn windows_are_written_out() {
        for (before, after) in [
            ("SELECT sum(x) OVER w FROM t WINDOW w AS (PARTITION BY k)", "SELECT sum(x) OVER (PARTITION BY k) FROM t"),
            (
                "SELECT sum(x) OVER V FROM t WINDOW w AS (PARTITION BY k), v AS (W ORDER BY a)",
                "SELECT sum(x) OVER (PARTITION BY k ORDER BY a) FROM t",
            ),
            (
                "SELECT sum(x) OVER (w ROWS 2 PRECEDING) FROM t WINDOW w AS (ORDER BY a)",
                "SELECT sum(x) OVER (ORDER BY a ROWS 2 PRECEDING) FROM t",
            ),
            (
                "SELECT (SELECT sum(y) OVER w FROM u WINDOW w AS (ORDER BY b)), sum(x) OVER w FROM t WINDOW w AS (ORDER BY a) ORDER BY count(*) OVER w",
                "SELECT (SELECT sum(y) OVER (ORDER BY b) FROM u), sum(x) OVER (ORDER BY a) FROM t ORDER BY count(*) OVER (ORDER BY a)",
            ),
        ] {
            assert_eq!(rewritten(before).as_deref(), Ok(after));
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (text, message) in [
            ("SELECT sum(x) OVER w FROM t", "there is no window `w`"),
            ("SELECT sum(x) OVER (w ORDER BY a) FROM t", "there is no window `w`"),
            ("SELECT 1 FROM t WINDOW w AS (), w AS ()", "there are two windows `w`"),
            (
                "SELECT sum(x) OVER (w ORDER BY a) FROM t WINDOW w AS (ORDER BY b)",
                "the window `w` cannot be given ORDER BY of its own here",
            ),
        ] {
            assert_eq!(rewritten(text), Err(vec![message.to_owned()]));
        }
    }
}
