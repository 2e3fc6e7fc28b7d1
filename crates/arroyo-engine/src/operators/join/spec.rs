//! What a join does, bound to its inputs.

use arrow::datatypes::{DataType, SchemaRef};
use arrow::row::SortField;
use arroyo_dataflow::operators as config;
use arroyo_dataflow::operators::join::Kind;
use arroyo_expr::{Predicate, decode};
use arroyo_operator::OperatorError;
use arroyo_types::{CHANGE_FIELD, TIMESTAMP_FIELD};

use crate::operators::error::{config_schema, expression_failed};
use crate::operators::row_encoder::RowEncoder;

/// The input whose rows come first in the output.
pub(super) const LEFT: usize = 0;

/// Everything about a join that does not change while it runs.
#[derive(Debug)]
pub(super) struct JoinSpec {
    pub(super) kind: Kind,
    /// The left and the right input.
    pub(super) sides: [SideSpec; 2],
    pub(super) null_equals_null: bool,
    pub(super) filter: Option<FilterSpec>,
    pub(super) schema: SchemaRef,
    /// Whether the output is a changelog.
    pub(super) emits_changes: bool,
    pub(super) lifetime: Lifetime,
    /// Keys of both sides as comparable bytes.
    pub(super) keys: RowEncoder,
}

/// One input.
#[derive(Debug)]
pub(super) struct SideSpec {
    pub(super) schema: SchemaRef,
    /// How many of its leading columns go into the output.
    pub(super) values: usize,
    /// Positions of the key's columns.
    pub(super) keys: Vec<usize>,
    /// The position of `_change`, in a changelog.
    pub(super) change: Option<usize>,
    /// How many leading columns tell rows apart: all but `_change` and, in a changelog, `_timestamp`, because a retraction
    /// need not have the time of the row that it takes back.
    pub(super) identity: usize,
    /// These columns as comparable bytes.
    pub(super) rows: RowEncoder,
}

/// A condition beyond equal keys.
#[derive(Debug)]
pub(super) struct FilterSpec {
    pub(super) predicate: Predicate,
    /// The columns that it reads, of left values followed by right values.
    pub(super) columns: Vec<usize>,
    pub(super) schema: SchemaRef,
}

/// How long a row is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lifetime {
    /// Until this many nanoseconds after its event time, for each side; `None`: for ever. Results follow every change.
    Ttl([Option<i64>; 2]),
    /// As long as `lower <= left time - right time <= upper` can become true. A result is final when it is emitted.
    Interval { lower: i64, upper: i64 },
}

impl JoinSpec {
    pub(super) fn new(config: &config::Join) -> Result<Self, OperatorError> {
        let left = SideSpec::new(&config.left_schema, config.left_values, &config.left_keys)?;
        let right = SideSpec::new(&config.right_schema, config.right_values, &config.right_keys)?;
        let (types, right_types) = (left.key_types()?, right.key_types()?);
        if types != right_types {
            return Err(OperatorError::bug(format!("a join compares {types:?} with {right_types:?}")));
        }
        let schema = config_schema(&config.schema)?;
        let lifetime = match &config.interval {
            Some(config::join::Interval { lower, upper }) => {
                if left.change.is_some() || right.change.is_some() {
                    return Err(OperatorError::bug("an interval join reads a changelog"));
                }
                Lifetime::Interval { lower: *lower, upper: *upper }
            }
            None => {
                let ttl = [config.left_ttl_nanos, config.right_ttl_nanos];
                Lifetime::Ttl(ttl.map(|nanos| Some(nanos).filter(|nanos| *nanos > 0)))
            }
        };
        Ok(Self {
            kind: config.kind(),
            sides: [left, right],
            null_equals_null: config.null_equals_null,
            filter: if config.filter.is_empty() { None } else { Some(FilterSpec::new(config)?) },
            emits_changes: schema.column_with_name(CHANGE_FIELD).is_some(),
            schema,
            lifetime,
            keys: RowEncoder::of_keys(types.into_iter().map(SortField::new))?,
        })
    }

    pub(super) fn side(&self, side: usize) -> &SideSpec {
        let [left, right] = &self.sides;
        if side == LEFT { left } else { right }
    }

    /// Whether matches are rows of the result.
    pub(super) fn emits_pairs(&self) -> bool {
        matches!(self.kind, Kind::Inner | Kind::Left | Kind::Right | Kind::Full)
    }

    /// Whether a row of `side` is in the result, without the other side, while it has no match.
    pub(super) fn emits_alone(&self, side: usize) -> bool {
        match self.kind {
            Kind::Inner | Kind::LeftSemi => false,
            Kind::Left | Kind::LeftAnti | Kind::LeftMark => side == LEFT,
            Kind::Right => side != LEFT,
            Kind::Full => true,
        }
    }

    /// Whether a row of `side` is in the result, without the other side, while it has a match.
    pub(super) fn emits_matched(&self, side: usize) -> bool {
        side == LEFT && matches!(self.kind, Kind::LeftSemi | Kind::LeftMark)
    }

    /// Whether the number of matches of a row of `side` matters.
    pub(super) fn counts_matches(&self, side: usize) -> bool {
        self.emits_alone(side) || self.emits_matched(side)
    }

    /// Whether results are final, because both inputs are and time tells when no match can come any more.
    pub(super) fn is_final(&self) -> bool {
        matches!(self.lifetime, Lifetime::Interval { .. })
    }

    /// The last watermark at which a row of `side` with this event time is needed.
    pub(super) fn deadline(&self, side: usize, time: i64) -> i64 {
        match self.lifetime {
            Lifetime::Ttl([left, right]) => {
                let ttl = if side == LEFT { left } else { right };
                ttl.map_or(i64::MAX, |ttl| time.saturating_add(ttl))
            }
            // The end of the stream is later than any of these.
            Lifetime::Interval { lower, .. } if side == LEFT => time.saturating_sub(lower).min(i64::MAX - 1),
            Lifetime::Interval { upper, .. } => time.saturating_add(upper).min(i64::MAX - 1),
        }
    }

    /// How far results can be behind the input's watermark: rows that wait for a match keep their own event time.
    pub(super) fn delay(&self) -> i64 {
        let Lifetime::Interval { .. } = self.lifetime else { return 0 };
        let waiting = [LEFT, 1].into_iter().filter(|side| self.counts_matches(*side));
        waiting.map(|side| self.deadline(side, 0).max(0)).max().unwrap_or(0)
    }
}

impl SideSpec {
    fn new(schema: &[u8], values: u32, keys: &[u32]) -> Result<Self, OperatorError> {
        let schema = config_schema(schema)?;
        let change = schema.column_with_name(CHANGE_FIELD).map(|(position, _)| position);
        let columns = schema.fields().len();
        if schema.fields().last().is_none_or(|last| last.name() != TIMESTAMP_FIELD) {
            return Err(OperatorError::bug(format!("an input of a join does not end with `{TIMESTAMP_FIELD}`")));
        }
        let identity = change.unwrap_or(columns);
        let keys: Vec<usize> = keys.iter().map(|key| *key as usize).collect();
        if values as usize > identity || keys.iter().any(|key| *key >= identity) {
            return Err(OperatorError::bug("a join reads columns that its input does not have"));
        }
        let fields = schema.fields().iter().take(identity);
        let rows = RowEncoder::of_rows(fields.map(|field| SortField::new(field.data_type().clone())))?;
        Ok(Self { values: values as usize, keys, change, identity, rows, schema })
    }

    fn key_types(&self) -> Result<Vec<DataType>, OperatorError> {
        let fields = self.keys.iter().map(|key| self.schema.fields().get(*key));
        let types: Option<Vec<DataType>> = fields.map(|field| field.map(|field| field.data_type().clone())).collect();
        types.ok_or_else(|| OperatorError::bug("a key of a join is not among its columns"))
    }
}

impl FilterSpec {
    fn new(config: &config::Join) -> Result<Self, OperatorError> {
        let schema = config_schema(&config.filter_schema)?;
        let expr = decode(&config.filter).map_err(expression_failed)?;
        Ok(Self {
            predicate: Predicate::new(&expr, &schema).map_err(expression_failed)?,
            columns: config.filter_columns.iter().map(|column| *column as usize).collect(),
            schema,
        })
    }
}
