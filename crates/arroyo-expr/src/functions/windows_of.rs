//! `windows_of(time, width, slide, offset, cumulate)`: all windows that a time is in, as a list.
//!
//! The planner makes calls of it for windows as table functions; the arguments after the first are constants.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, ListArray, StructArray, TimestampNanosecondArray};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Int64Type, TimestampNanosecondType};
use datafusion::common::{ScalarValue, exec_datafusion_err, exec_err, internal_err};
use datafusion::error::Result;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility, lit,
};

use super::time_window::TIMESTAMP;
use super::window_type;

#[derive(Debug, PartialEq, Eq, Hash)]
struct WindowsOf {
    signature: Signature,
}

/// The function.
pub(super) fn windows_of() -> ScalarUDF {
    let arguments = vec![TIMESTAMP, DataType::Int64, DataType::Int64, DataType::Int64, DataType::Boolean];
    ScalarUDF::from(WindowsOf { signature: Signature::exact(arguments, Volatility::Immutable) })
}

/// The windows that `time` is in, earliest end first: hopping ones every `slide`, or, if they `cumulate`, those that grow by
/// `slide` up to `width`. All lengths are nanoseconds.
pub fn windows_of_time(time: Expr, width: i64, slide: i64, offset: i64, cumulate: bool) -> Expr {
    windows_of().call(vec![time, lit(width), lit(slide), lit(offset), lit(cumulate)])
}

/// The type of a list of windows.
fn list_type() -> DataType {
    DataType::List(Arc::new(Field::new_list_field(window_type(), false)))
}

impl ScalarUDFImpl for WindowsOf {
    fn name(&self) -> &str {
        "windows_of"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arg_types: &[DataType]) -> Result<DataType> {
        Ok(list_type())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [time, width, slide, offset, cumulate] = args.args.as_slice() else {
            return internal_err!("`windows_of` takes five arguments");
        };
        let number = |value: &ColumnarValue| match value {
            ColumnarValue::Scalar(ScalarValue::Int64(Some(number))) => Ok(*number),
            ColumnarValue::Array(array) => match array.as_primitive_opt::<Int64Type>() {
                Some(numbers) if !numbers.is_empty() && numbers.null_count() == 0 => Ok(numbers.value(0)),
                _ => exec_err!("`windows_of` needs constant lengths"),
            },
            ColumnarValue::Scalar(_) => exec_err!("`windows_of` needs constant lengths"),
        };
        let cumulate = matches!(cumulate, ColumnarValue::Scalar(ScalarValue::Boolean(Some(true))));
        let windows = Windows { width: number(width)?, slide: number(slide)?, offset: number(offset)?, cumulate };
        let times = time.to_array(args.number_rows)?;
        let Some(times) = times.as_primitive_opt::<TimestampNanosecondType>() else {
            return exec_err!("`windows_of` needs a timestamp");
        };
        Ok(ColumnarValue::Array(windows.lists(times)?))
    }
}

struct Windows {
    width: i64,
    slide: i64,
    offset: i64,
    cumulate: bool,
}

impl Windows {
    fn lists(&self, times: &TimestampNanosecondArray) -> Result<ArrayRef> {
        if self.width <= 0 || self.slide <= 0 {
            return exec_err!("`windows_of` needs lengths above zero");
        }
        let (mut starts, mut ends) = (Vec::new(), Vec::new());
        let mut lengths = Vec::with_capacity(times.len());
        for time in times {
            let before = starts.len();
            if let Some(time) = time {
                self.of(time, &mut starts, &mut ends)
                    .ok_or_else(|| exec_datafusion_err!("a window of {time} ns since 1970 is out of range"))?;
            }
            lengths.push(starts.len() - before);
        }
        let DataType::Struct(fields) = window_type() else { return internal_err!("a window is a struct") };
        let bounds: Vec<ArrayRef> =
            vec![Arc::new(TimestampNanosecondArray::from(starts)), Arc::new(TimestampNanosecondArray::from(ends))];
        let windows = StructArray::try_new(fields, bounds, None)?;
        let item = Arc::new(Field::new_list_field(window_type(), false));
        Ok(Arc::new(ListArray::try_new(item, OffsetBuffer::from_lengths(lengths), Arc::new(windows), None)?))
    }

    /// Adds the windows of `time`; `None` if a bound is no timestamp.
    fn of(&self, time: i64, starts: &mut Vec<i64>, ends: &mut Vec<i64>) -> Option<()> {
        let since = time.checked_sub(self.offset)?;
        if self.cumulate {
            let start = time.checked_sub(since.rem_euclid(self.width))?;
            let last = start.checked_add(self.width)?;
            let mut end = time.checked_sub(since.rem_euclid(self.slide))?.checked_add(self.slide)?;
            while end <= last {
                starts.push(start);
                ends.push(end);
                end = end.checked_add(self.slide)?;
            }
            return Some(());
        }
        let last = time.checked_sub(since.rem_euclid(self.slide))?;
        let earlier = (self.width - 1 - (time - last)).div_euclid(self.slide);
        for number in (0..=earlier).rev() {
            let start = last.checked_sub(number.checked_mul(self.slide)?)?;
            starts.push(start);
            ends.push(start.checked_add(self.width)?);
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn windows(width: i64, slide: i64, offset: i64, cumulate: bool, time: i64) -> Vec<(i64, i64)> {
        let (mut starts, mut ends) = (Vec::new(), Vec::new());
        Windows { width, slide, offset, cumulate }.of(time, &mut starts, &mut ends).expect("in range");
        starts.into_iter().zip(ends).collect()
    }

    #[test]
    fn a_time_is_in_every_window_around_it() {
        assert_eq!(windows(10, 10, 0, false, -1), [(-10, 0)]);
        assert_eq!(windows(10, 4, 0, false, 5), [(-4, 6), (0, 10), (4, 14)]);
        assert_eq!(windows(10, 4, 1, false, 5), [(-3, 7), (1, 11), (5, 15)]);
        assert_eq!(windows(2, 6, 0, false, 1), [(0, 2)]);
        assert_eq!(windows(2, 6, 0, false, 3), []);
        assert_eq!(windows(9, 3, 1, true, 5), [(1, 7), (1, 10)]);
    }

    #[test]
    fn the_ends_of_time_are_no_panic() {
        for time in [i64::MIN, i64::MAX] {
            for cumulate in [false, true] {
                let (mut starts, mut ends) = (Vec::new(), Vec::new());
                let windows = Windows { width: 10, slide: 5, offset: 3, cumulate };
                assert_eq!(windows.of(time, &mut starts, &mut ends), None);
            }
        }
    }
}
