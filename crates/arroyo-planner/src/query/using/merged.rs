//! Names of columns where some of them are merged.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    AccessExpr, ExcludeSelectItem, Expr, Ident, ObjectName, OrderBy, OrderByKind, Query, Select, SelectItem, Subscript,
    Value, VisitorMut, WildcardAdditionalOptions,
};

use crate::query::names::key_of;
use crate::query::visit::visit_all;

/// A table of FROM.
pub(super) struct Table {
    /// How its columns are qualified.
    pub(super) name: Vec<Ident>,
    pub(super) columns: Vec<String>,
}

impl Table {
    /// One of its columns, if it has it once.
    pub(super) fn column(&self, name: &str) -> Option<Expr> {
        let times = self.columns.iter().filter(|column| *column == name).count();
        (times == 1).then(|| {
            let column = Ident::with_quote('"', name);
            Expr::CompoundIdentifier(self.name.iter().cloned().chain([column]).collect())
        })
    }
}

/// The columns that names can mean.
#[derive(Default)]
pub(super) struct Scope {
    tables: Vec<Table>,
    /// Columns of several tables that have become one, and what they are.
    merged: Vec<(String, Expr)>,
}

impl Scope {
    pub(super) fn of(table: Table) -> Self {
        Self { tables: vec![table], merged: Vec::new() }
    }

    /// The tables behind a comma.
    pub(super) fn add(&mut self, other: Self) {
        self.merged.retain(|(name, _)| !other.has(name));
        let new =
            other.merged.into_iter().filter(|(name, _)| self.tables.iter().all(|table| !table.columns.contains(name)));
        self.merged.extend(new);
        self.tables.extend(other.tables);
    }

    /// What comes out of a join by which columns merge; a name that both sides have without that may mean two things.
    pub(super) fn joined(mut self, right: Self, merged: Vec<(String, Expr)>) -> Self {
        self.add(right);
        self.merged.extend(merged);
        self
    }

    /// The names of the columns, each once.
    pub(super) fn names(&self) -> BTreeSet<String> {
        self.tables.iter().flat_map(|table| &table.columns).cloned().collect()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.tables.iter().any(|table| table.columns.iter().any(|column| column == name))
    }

    /// What a name without a table means, if it means one thing.
    pub(super) fn column(&self, name: &str) -> Option<Expr> {
        if let Some(value) = self.value(name) {
            return Some(value.clone());
        }
        let mut having = self.tables.iter().filter(|table| table.columns.iter().any(|column| column == name));
        let table = having.next()?;
        if having.next().is_none() { table.column(name) } else { None }
    }

    fn value(&self, name: &str) -> Option<&Expr> {
        self.merged.iter().find(|(merged, _)| merged == name).map(|(_, value)| value)
    }

    /// Writes out the merged columns in an expression.
    pub(super) fn resolve(&self, expr: &mut Expr) {
        visit_all(expr, &mut Names { scope: self, depth: 0 });
    }

    /// Writes out the merged columns in all of a query but its FROM. `None` if a `*` cannot be written out.
    pub(super) fn rewrite(&self, select: &mut Select, order_by: Option<&mut OrderBy>) -> Option<()> {
        let mut items = Vec::with_capacity(select.projection.len());
        for item in std::mem::take(&mut select.projection) {
            match item {
                SelectItem::Wildcard(options) => items.extend(self.all(&options)?),
                SelectItem::UnnamedExpr(expr) => items.push(match self.name_of(&expr) {
                    Some(alias) => SelectItem::ExprWithAlias { expr, alias },
                    None => SelectItem::UnnamedExpr(expr),
                }),
                other => items.push(other),
            }
        }
        select.projection = items;
        if let Some(OrderBy { kind: OrderByKind::Expressions(exprs), .. }) = order_by {
            for order in exprs {
                if !is_output(&order.expr, select) {
                    self.resolve(&mut order.expr);
                }
            }
        }
        visit_all(select, &mut Names { scope: self, depth: 0 });
        Some(())
    }

    /// The name of a merged column that is selected.
    fn name_of(&self, expr: &Expr) -> Option<Ident> {
        match expr {
            Expr::Identifier(name) if self.value(&key_of(name)).is_some() => Some(name.clone()),
            _ => None,
        }
    }

    /// What `*` stands for: the columns of all tables, each merged one once.
    fn all(&self, options: &WildcardAdditionalOptions) -> Option<Vec<SelectItem>> {
        let left_out = left_out(options)?;
        let mut items = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for table in &self.tables {
            for name in table.columns.iter().filter(|name| !left_out.contains(name)) {
                let expr = match self.value(name) {
                    Some(_) if seen.contains(&name.as_str()) => continue,
                    Some(value) => value.clone(),
                    None => {
                        items.push(SelectItem::UnnamedExpr(table.column(name)?));
                        continue;
                    }
                };
                seen.push(name);
                items.push(SelectItem::ExprWithAlias { expr, alias: Ident::with_quote('"', name) });
            }
        }
        Some(items)
    }
}

/// The columns that `* EXCLUDE (…)` leaves out; `None` if something else is asked for.
fn left_out(options: &WildcardAdditionalOptions) -> Option<Vec<String>> {
    let WildcardAdditionalOptions { opt_exclude, opt_except, opt_ilike, opt_replace, opt_rename, opt_alias, .. } =
        options;
    if opt_ilike.is_some() || opt_replace.is_some() || opt_rename.is_some() || opt_alias.is_some() {
        return None;
    }
    let excluded = match opt_exclude {
        Some(ExcludeSelectItem::Single(name)) => std::slice::from_ref(name),
        Some(ExcludeSelectItem::Multiple(names)) => names.as_slice(),
        None => &[],
    };
    let excluded = excluded.iter().map(only_part);
    let except =
        opt_except.iter().flat_map(|except| [&except.first_element].into_iter().chain(&except.additional_elements));
    excluded.chain(except.map(|name| Some(key_of(name)))).collect()
}

/// Whether ORDER BY names a column of the result.
fn is_output(expr: &Expr, select: &Select) -> bool {
    let Expr::Identifier(name) = expr else { return false };
    let name = key_of(name);
    select
        .projection
        .iter()
        .any(|item| matches!(item, SelectItem::ExprWithAlias { alias, .. } if key_of(alias) == name))
}

/// The name of a column that is not qualified, as plans have it.
pub(super) fn only_part(name: &ObjectName) -> Option<String> {
    match name.0.as_slice() {
        [part] => part.as_ident().map(key_of),
        _ => None,
    }
}

/// Writes out merged columns; the names in subqueries are their own.
struct Names<'a> {
    scope: &'a Scope,
    depth: usize,
}

impl VisitorMut for Names<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, _query: &mut Query) -> ControlFlow<()> {
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _query: &mut Query) -> ControlFlow<()> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if self.depth > 0 {
            return ControlFlow::Continue(());
        }
        let written = match expr {
            Expr::Identifier(name) => self.scope.value(&key_of(name)).map(|value| at(value, name)),
            Expr::CompoundIdentifier(parts) => self.field(parts),
            _ => None,
        };
        if let Some(written) = written {
            *expr = written;
        }
        ControlFlow::Continue(())
    }
}

impl Names<'_> {
    /// `w.start` with a merged `w`.
    fn field(&self, parts: &[Ident]) -> Option<Expr> {
        let (column, fields) = parts.split_first()?;
        let name = key_of(column);
        let is_table = |table: &Table| table.name.last().is_some_and(|last| key_of(last) == name);
        let value = self.scope.value(&name).filter(|_| !self.scope.tables.iter().any(is_table))?;
        let fields = fields.iter().map(|field| {
            let index = Expr::Value(Value::SingleQuotedString(key_of(field)).with_span(field.span));
            AccessExpr::Subscript(Subscript::Index { index })
        });
        let root = Box::new(Expr::Nested(Box::new(at(value, column))));
        Some(Expr::CompoundFieldAccess { root, access_chain: fields.collect() })
    }
}

/// `value` where `name` stands, so that faults point there.
fn at(value: &Expr, name: &Ident) -> Expr {
    struct At<'a>(&'a Ident);
    impl VisitorMut for At<'_> {
        type Break = ();

        fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
            if let Expr::CompoundIdentifier(parts) = expr {
                parts.iter_mut().for_each(|part| part.span = self.0.span);
            }
            ControlFlow::Continue(())
        }
    }
    let mut value = value.clone();
    visit_all(&mut value, &mut At(name));
    value
}
