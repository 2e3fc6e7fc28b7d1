//! Rows as comparable bytes, and back.

use arrow::array::ArrayRef;
use arrow::row::{RowConverter, Rows, SortField};
use arroyo_expr::canonical;
use arroyo_operator::OperatorError;

/// Arrow's row format, also for rows without columns, and for keys.
#[derive(Debug)]
pub(super) struct RowEncoder {
    converter: RowConverter,
    /// Values that are equal in SQL get the same bytes.
    of_keys: bool,
}

impl RowEncoder {
    /// Of rows that come back as they were.
    pub(super) fn of_rows(fields: impl IntoIterator<Item = SortField>) -> Result<Self, OperatorError> {
        Ok(Self { converter: RowConverter::new(fields.into_iter().collect())?, of_keys: false })
    }

    /// Of values that are compared: −0.0 is 0.0.
    pub(super) fn of_keys(fields: impl IntoIterator<Item = SortField>) -> Result<Self, OperatorError> {
        Ok(Self { of_keys: true, ..Self::of_rows(fields)? })
    }

    /// `rows` rows as bytes.
    pub(super) fn encode(&self, columns: &[ArrayRef], rows: usize) -> Result<Rows, OperatorError> {
        if columns.is_empty() {
            // Arrow takes their number from the columns.
            let mut encoded = self.converter.empty_rows(rows, 0);
            let parser = self.converter.parser();
            (0..rows).for_each(|_| encoded.push(parser.parse(&[])));
            return Ok(encoded);
        }
        if self.of_keys {
            return Ok(self.converter.convert_columns(&columns.iter().map(canonical).collect::<Vec<_>>())?);
        }
        Ok(self.converter.convert_columns(columns)?)
    }

    /// The columns of rows that this encoder made bytes of.
    pub(super) fn decode<'a>(&self, rows: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<ArrayRef>, OperatorError> {
        let parser = self.converter.parser();
        Ok(self.converter.convert_rows(rows.into_iter().map(|row| parser.parse(row)))?)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{AsArray, Float64Array};
    use arrow::datatypes::{DataType, Float64Type};

    use super::*;

    fn zeros() -> [ArrayRef; 1] {
        [Arc::new(Float64Array::from(vec![0.0, -0.0]))]
    }

    fn fields() -> [SortField; 1] {
        [SortField::new(DataType::Float64)]
    }

    #[test]
    fn rows_without_columns_are_counted() {
        let encoder = RowEncoder::of_rows([]).expect("an encoder");
        let rows = encoder.encode(&[], 3).expect("rows");
        assert_eq!(rows.iter().map(|row| row.data().len()).collect::<Vec<_>>(), [0, 0, 0]);
        assert!(encoder.decode(rows.iter().map(|row| row.data())).expect("columns").is_empty());
    }

    #[test]
    fn equal_keys_have_the_same_bytes() {
        let keys = RowEncoder::of_keys(fields()).and_then(|keys| keys.encode(&zeros(), 2)).expect("keys");
        assert_eq!(keys.row(0), keys.row(1));
    }

    #[test]
    fn rows_come_back_as_they_were() {
        let encoder = RowEncoder::of_rows(fields()).expect("an encoder");
        let rows = encoder.encode(&zeros(), 2).expect("rows");
        let columns = encoder.decode(rows.iter().map(|row| row.data())).expect("columns");
        let signs = columns[0].as_primitive::<Float64Type>().values().iter().map(|zero| zero.is_sign_negative());
        assert_eq!(signs.collect::<Vec<_>>(), [false, true]);
    }
}
