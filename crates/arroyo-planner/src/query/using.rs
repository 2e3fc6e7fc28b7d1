//! USING and NATURAL as conditions, and the columns that they merge.
//!
//! ```text
//! before:  SELECT k, * FROM a FULL JOIN b USING (k) WHERE k > 1
//! after:   SELECT coalesce(a.k, b.k) AS k, coalesce(a.k, b.k) AS k, a.x, b.y FROM a FULL JOIN b ON a.k = b.k
//!          WHERE coalesce(a.k, b.k) > 1
//! ```
//! The merged column is that of the left side, of the right side in a RIGHT JOIN, or whichever there is in a FULL JOIN.
//! DataFusion's planner would take the left one, and knows it in few places.
//!
//! What cannot be resolved here, say a column that no table or several have, is left to DataFusion, which names the fault.

mod merged;

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, Cte, Expr, Join, JoinConstraint, JoinOperator, ObjectName, OrderBy, Query, Select, SelectItem,
    SelectItemQualifiedWildcardKind, SetExpr, TableFactor, TableWithJoins, VisitorMut, WildcardAdditionalOptions,
};

use self::merged::{Scope, Table};
use super::template::filled;
use super::visit::visit_all;

/// Rewrites the joins of a query. `columns` says which columns a query has, if it can be planned.
pub(super) fn rewrite(query: &mut Query, columns: &dyn Fn(Query) -> Option<Vec<String>>) {
    visit_all(query, &mut Rewriter { columns, queries: Vec::new() });
}

struct Rewriter<'a> {
    columns: &'a dyn Fn(Query) -> Option<Vec<String>>,
    /// The queries around the current place, the outermost first.
    queries: Vec<Around>,
}

/// A query around the current place.
struct Around {
    /// What its WITH defines, as far as it was rewritten yet.
    ctes: Vec<Cte>,
    /// How many queries in it were begun; the first ones are those of its WITH.
    begun: usize,
}

impl VisitorMut for Rewriter<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        if let Some(around) = self.queries.last_mut() {
            around.begun += 1;
        }
        let ctes = query.with.as_ref().map(|with| with.cte_tables.clone()).unwrap_or_default();
        self.queries.push(Around { ctes, begun: 0 });
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        let Query { body, order_by, .. } = query;
        self.body(body, order_by.as_mut());
        self.queries.pop();
        if let Some(around) = self.queries.last_mut()
            && let Some(cte) = around.begun.checked_sub(1).and_then(|index| around.ctes.get_mut(index))
        {
            *cte.query = query.clone();
        }
        ControlFlow::Continue(())
    }
}

impl Rewriter<'_> {
    fn body(&self, body: &mut SetExpr, order_by: Option<&mut OrderBy>) {
        match body {
            SetExpr::Select(select) => {
                self.select(select, order_by);
            }
            SetExpr::SetOperation { left, right, .. } => {
                self.body(left, None);
                self.body(right, None);
            }
            _ => {}
        }
    }

    /// `None` if the query is left as it is.
    fn select(&self, select: &mut Select, order_by: Option<&mut OrderBy>) -> Option<()> {
        if !select.from.iter_mut().any(name_columns) {
            return None;
        }
        let mut scope = Scope::default();
        let mut done = Vec::with_capacity(select.from.len());
        for tables in &select.from {
            let (tables, columns) = self.joined(tables, &done)?;
            scope.add(columns);
            done.push(tables);
        }
        let mut rewritten = select.clone();
        rewritten.from.clear();
        scope.rewrite(&mut rewritten, order_by)?;
        rewritten.from = done;
        *select = rewritten;
        Some(())
    }

    /// Joined tables without merged columns, and which columns there are. `before` are those that stand before them in FROM.
    fn joined(&self, tables: &TableWithJoins, before: &[TableWithJoins]) -> Option<(TableWithJoins, Scope)> {
        let (relation, mut scope) = self.factor(&tables.relation, before)?;
        let mut done = TableWithJoins { relation, joins: Vec::with_capacity(tables.joins.len()) };
        for join in &tables.joins {
            let before: Vec<TableWithJoins> = before.iter().chain([&done]).cloned().collect();
            let (relation, right) = self.factor(&join.relation, &before)?;
            let mut join = Join { relation, ..join.clone() };
            scope = merge(scope, right, &mut join.join_operator)?;
            done.joins.push(join);
        }
        Some((done, scope))
    }

    fn factor(&self, factor: &TableFactor, before: &[TableWithJoins]) -> Option<(TableFactor, Scope)> {
        if let TableFactor::NestedJoin { table_with_joins, alias: None } = factor {
            let (tables, scope) = self.joined(table_with_joins, before)?;
            return Some((TableFactor::NestedJoin { table_with_joins: Box::new(tables), alias: None }, scope));
        }
        Some((factor.clone(), Scope::of(self.table(factor, before)?)))
    }

    fn table(&self, factor: &TableFactor, before: &[TableWithJoins]) -> Option<Table> {
        let name = match factor {
            TableFactor::Table { alias: None, name, .. } => {
                name.0.iter().map(|part| part.as_ident().cloned()).collect::<Option<Vec<_>>>()?
            }
            TableFactor::Table { alias: Some(alias), .. }
            | TableFactor::Derived { alias: Some(alias), .. }
            | TableFactor::UNNEST { alias: Some(alias), .. } => vec![alias.name.clone()],
            _ => return None,
        };
        let reads_others = matches!(factor, TableFactor::Derived { lateral: true, .. } | TableFactor::UNNEST { .. });
        let mut from = if reads_others { before.to_vec() } else { Vec::new() };
        from.push(TableWithJoins { relation: factor.clone(), joins: Vec::new() });
        let Expr::Exists { subquery: mut query, .. } = filled("EXISTS (SELECT t.*)", &[])? else { return None };
        let SetExpr::Select(select) = query.body.as_mut() else { return None };
        let all = SelectItemQualifiedWildcardKind::ObjectName(ObjectName::from(name.clone()));
        select.projection = vec![SelectItem::QualifiedWildcard(all, WildcardAdditionalOptions::default())];
        select.from = from;
        Some(Table { name, columns: (self.columns)(self.with_ctes(*query)?)? })
    }

    /// `query` with what is defined where it stands.
    fn with_ctes(&self, mut query: Query) -> Option<Query> {
        let innermost = self.queries.len().saturating_sub(1);
        let ctes = self.queries.iter().enumerate().flat_map(|(depth, around)| {
            let done = if depth == innermost { around.begun } else { around.begun.saturating_sub(1) };
            around.ctes.iter().take(done)
        });
        let ctes: Vec<Cte> = ctes.cloned().collect();
        if !ctes.is_empty() {
            // Of definitions with the same name the innermost one is meant; a query has each name once.
            let mut latest: Vec<Cte> = Vec::new();
            for cte in ctes {
                latest.retain(|earlier| earlier.alias.name != cte.alias.name);
                latest.push(cte);
            }
            let mut with = filled("EXISTS (WITH t AS (SELECT 1) SELECT 1)", &[]).and_then(|expr| match expr {
                Expr::Exists { subquery, .. } => subquery.with,
                _ => None,
            })?;
            with.cte_tables = latest;
            query.with = Some(with);
        }
        Some(query)
    }
}

/// Whether one of these joins compares columns by their names.
pub(super) fn name_columns(tables: &mut TableWithJoins) -> bool {
    let is_nested = |factor: &mut TableFactor| match factor {
        TableFactor::NestedJoin { table_with_joins, .. } => name_columns(table_with_joins),
        _ => false,
    };
    is_nested(&mut tables.relation)
        || tables.joins.iter_mut().any(|join| {
            let constraint = constraint_of(&mut join.join_operator);
            matches!(constraint, Some(JoinConstraint::Natural | JoinConstraint::Using(_)))
                || is_nested(&mut join.relation)
        })
}

fn constraint_of(join: &mut JoinOperator) -> Option<&mut JoinConstraint> {
    match join {
        JoinOperator::Join(constraint)
        | JoinOperator::Inner(constraint)
        | JoinOperator::Left(constraint)
        | JoinOperator::LeftOuter(constraint)
        | JoinOperator::Right(constraint)
        | JoinOperator::RightOuter(constraint)
        | JoinOperator::FullOuter(constraint)
        | JoinOperator::LeftSemi(constraint)
        | JoinOperator::LeftAnti(constraint)
        | JoinOperator::RightSemi(constraint)
        | JoinOperator::RightAnti(constraint) => Some(constraint),
        _ => None,
    }
}

/// Writes the condition of a join out. Returns the columns of what is joined; `None` if they are not to be told.
fn merge(left: Scope, right: Scope, join: &mut JoinOperator) -> Option<Scope> {
    let Some(constraint) = constraint_of(join) else { return Some(left.joined(right, Vec::new())) };
    let names: Vec<String> = match constraint {
        JoinConstraint::Using(names) => names.iter().map(merged::only_part).collect::<Option<_>>()?,
        JoinConstraint::Natural => left.names().into_iter().filter(|name| right.has(name)).collect(),
        JoinConstraint::On(condition) => {
            let joined = left.joined(right, Vec::new());
            joined.resolve(condition);
            return Some(joined);
        }
        JoinConstraint::None => return Some(left.joined(right, Vec::new())),
    };
    let pairs = names.into_iter().map(|name| Some((left.column(&name)?, right.column(&name)?, name)));
    let pairs: Vec<(Expr, Expr, String)> = pairs.collect::<Option<_>>()?;
    let conditions = pairs.iter().map(|(left, right, _)| binary(left.clone(), BinaryOperator::Eq, right.clone()));
    let condition = conditions.reduce(|all, next| binary(all, BinaryOperator::And, next));
    *constraint = JoinConstraint::On(condition.or_else(|| filled("true", &[]))?);
    let merged = pairs.into_iter().map(|(left, right, name)| {
        let value = match join {
            JoinOperator::Right(_) | JoinOperator::RightOuter(_) => right,
            JoinOperator::FullOuter(_) => filled("coalesce(part_0, part_1)", &[left, right])?,
            _ => left,
        };
        Some((name, value))
    });
    let merged: Vec<(String, Expr)> = merged.collect::<Option<_>>()?;
    Some(match join {
        JoinOperator::LeftSemi(_) | JoinOperator::LeftAnti(_) => left,
        JoinOperator::RightSemi(_) | JoinOperator::RightAnti(_) => right,
        _ => left.joined(right, merged),
    })
}

fn binary(left: Expr, op: BinaryOperator, right: Expr) -> Expr {
    Expr::BinaryOp { left: Box::new(left), op, right: Box::new(right) }
}
