//! Columns of events: only those that are asked for are computed.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringBuilder, StructArray, TimestampNanosecondArray};
use arrow::buffer::NullBuffer;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};
use arroyo_operator::OperatorError;
use arroyo_types::TIMESTAMP_FIELD;

use super::event::{Auctions, Kind, Purpose, kind};
use super::text;

/// All columns: of each row exactly one is not null.
pub(crate) fn schema() -> Schema {
    let time = || DataType::Timestamp(TimeUnit::Nanosecond, None);
    let structure = |name: &str, fields: &[(&str, DataType)]| {
        let fields: Vec<Field> =
            fields.iter().map(|(name, data_type)| Field::new(*name, data_type.clone(), false)).collect();
        Field::new(name, DataType::Struct(fields.into()), true)
    };
    let (int, text) = (DataType::Int64, DataType::Utf8);
    let person = [
        ("id", int.clone()),
        ("name", text.clone()),
        ("email_address", text.clone()),
        ("credit_card", text.clone()),
        ("city", text.clone()),
        ("state", text.clone()),
        ("datetime", time()),
        ("extra", text.clone()),
    ];
    let auction = [
        ("id", int.clone()),
        ("description", text.clone()),
        ("item_name", text.clone()),
        ("initial_bid", int.clone()),
        ("reserve", int.clone()),
        ("datetime", time()),
        ("expires", time()),
        ("seller", int.clone()),
        ("category", int.clone()),
        ("extra", text.clone()),
    ];
    let bid = [
        ("auction", int.clone()),
        ("bidder", int.clone()),
        ("price", int),
        ("channel", text.clone()),
        ("url", text.clone()),
        ("datetime", time()),
        ("extra", text),
    ];
    Schema::new(vec![structure("person", &person), structure("auction", &auction), structure("bid", &bid)])
}

/// The columns of `schema` for the events with these numbers.
pub(crate) fn batch(auctions: &Auctions, numbers: &[u64], schema: &SchemaRef) -> Result<RecordBatch, OperatorError> {
    let bug = |error: arrow::error::ArrowError| OperatorError::bug(format!("nexmark: {error}"));
    let mut columns: Vec<ArrayRef> = Vec::with_capacity(schema.fields().len());
    for field in schema.fields() {
        let events = |wanted| Events { auctions, numbers, wanted };
        let column: ArrayRef = match (field.name().as_str(), field.data_type()) {
            (TIMESTAMP_FIELD, _) => Arc::new(times(numbers.iter().map(|number| auctions.time(*number)))),
            ("person", DataType::Struct(fields)) => Arc::new(events(Kind::Person).column(fields)?),
            ("auction", DataType::Struct(fields)) => Arc::new(events(Kind::Auction).column(fields)?),
            ("bid", DataType::Struct(fields)) => Arc::new(events(Kind::Bid).column(fields)?),
            (other, _) => return Err(OperatorError::bug(format!("nexmark has no column `{other}`"))),
        };
        columns.push(if column.data_type() == field.data_type() {
            column
        } else {
            cast(&column, field.data_type()).map_err(bug)?
        });
    }
    RecordBatch::try_new(schema.clone(), columns).map_err(bug)
}

fn times(times: impl Iterator<Item = i64>) -> TimestampNanosecondArray {
    TimestampNanosecondArray::from_iter_values(times)
}

/// The events of one kind among all.
struct Events<'a> {
    auctions: &'a Auctions,
    numbers: &'a [u64],
    wanted: Kind,
}

impl Events<'_> {
    fn column(&self, fields: &Fields) -> Result<StructArray, OperatorError> {
        let is_wanted: NullBuffer = self.numbers.iter().map(|number| kind(*number) == self.wanted).collect();
        if fields.is_empty() {
            return Ok(StructArray::new_empty_fields(self.numbers.len(), Some(is_wanted)));
        }
        let bug = |error: arrow::error::ArrowError| OperatorError::bug(format!("nexmark: {error}"));
        let mut children = Vec::with_capacity(fields.len());
        for field in fields {
            let child = self.child(field.name())?;
            children.push(if child.data_type() == field.data_type() {
                child
            } else {
                cast(&child, field.data_type()).map_err(bug)?
            });
        }
        StructArray::try_new(fields.clone(), children, Some(is_wanted)).map_err(bug)
    }

    fn child(&self, name: &str) -> Result<ArrayRef, OperatorError> {
        let auctions = self.auctions;
        Ok(match (self.wanted, name) {
            (_, "datetime") => self.times(|number| auctions.time(number)),
            (_, "extra") => self.texts(|number, out| text::extra(auctions, self.wanted, number, out)),
            (Kind::Person, "id") => self.ints(|number| auctions.person(number)),
            (Kind::Person, "name") => self.texts(|number, out| text::name(auctions, number, out)),
            (Kind::Person, "email_address") => self.texts(|number, out| text::email(auctions, number, out)),
            (Kind::Person, "credit_card") => self.texts(|number, out| text::credit_card(auctions, number, out)),
            (Kind::Person, "city") => self.texts(|number, out| text::city(auctions, number, out)),
            (Kind::Person, "state") => self.texts(|number, out| text::state(auctions, number, out)),
            (Kind::Auction, "id") => self.ints(|number| auctions.auction(number)),
            (Kind::Auction, "description") => self.texts(|number, out| text::description(auctions, number, out)),
            (Kind::Auction, "item_name") => self.texts(|number, out| text::item(auctions, number, out)),
            (Kind::Auction, "initial_bid") => self.ints(|number| auctions.price(number, Purpose::InitialBid)),
            (Kind::Auction, "reserve") => self.ints(|number| auctions.reserve(number)),
            (Kind::Auction, "expires") => self.times(|number| auctions.expires(number)),
            (Kind::Auction, "seller") => self.ints(|number| auctions.seller(number)),
            (Kind::Auction, "category") => self.ints(|number| auctions.category(number)),
            (Kind::Bid, "auction") => self.ints(|number| auctions.bid_auction(number)),
            (Kind::Bid, "bidder") => self.ints(|number| auctions.bidder(number)),
            (Kind::Bid, "price") => self.ints(|number| auctions.price(number, Purpose::Price)),
            (Kind::Bid, "channel") => self.texts(|number, out| text::channel(auctions, number, out)),
            (Kind::Bid, "url") => self.texts(|number, out| text::url(auctions, number, out)),
            (_, other) => return Err(OperatorError::bug(format!("nexmark has no field `{other}`"))),
        })
    }

    fn ints(&self, value: impl Fn(u64) -> u64) -> ArrayRef {
        let values = self.numbers.iter().map(|number| match kind(*number) == self.wanted {
            true => i64::try_from(value(*number)).unwrap_or(i64::MAX),
            false => 0,
        });
        Arc::new(Int64Array::from_iter_values(values))
    }

    fn times(&self, value: impl Fn(u64) -> i64) -> ArrayRef {
        let values = self.numbers.iter().map(|number| if kind(*number) == self.wanted { value(*number) } else { 0 });
        Arc::new(times(values))
    }

    fn texts(&self, write: impl Fn(u64, &mut String)) -> ArrayRef {
        let mut builder = StringBuilder::with_capacity(self.numbers.len(), self.numbers.len() * 16);
        let mut scratch = String::new();
        for number in self.numbers {
            scratch.clear();
            if kind(*number) == self.wanted {
                write(*number, &mut scratch);
            }
            builder.append_value(&scratch);
        }
        Arc::new(builder.finish())
    }
}
