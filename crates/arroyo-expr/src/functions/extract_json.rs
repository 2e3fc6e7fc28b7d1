//! JSON by path: `get_first_json_object`, `extract_json`, `extract_json_string`.
//!
//! The path must be a literal; text that is not JSON gives NULL.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, ListBuilder, StringArray, StringBuilder};
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{ScalarValue, exec_err, plan_err};
use datafusion::error::Result;
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use serde_json::Value;

use super::json_path::JsonPath;

/// What to do with the selected values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Output {
    /// The first one as JSON text.
    First,
    /// All as a list of JSON texts.
    All,
    /// The first one's content if it is a string.
    FirstString,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct ExtractJson {
    name: &'static str,
    output: Output,
    signature: Signature,
}

impl ExtractJson {
    fn udf(name: &'static str, output: Output) -> ScalarUDF {
        let signature = Signature::exact(vec![DataType::Utf8, DataType::Utf8], Volatility::Immutable);
        ScalarUDF::from(Self { name, output, signature })
    }

    fn path(&self, path: Option<&ScalarValue>) -> Result<JsonPath> {
        match path.map(|path| path.try_as_str()) {
            Some(Some(Some(text))) => match JsonPath::parse(text) {
                Ok(path) => Ok(path),
                Err(message) => plan_err!("{message}"),
            },
            _ => plan_err!("the path of `{}` must be a literal such as '$.a.b[0]'", self.name),
        }
    }

    fn strings(&self, texts: &StringArray, path: &JsonPath) -> ArrayRef {
        let values = texts.iter().map(|text| {
            let document: Value = serde_json::from_str(text?).ok()?;
            match (self.output, path.select(&document).first()?) {
                (Output::FirstString, Value::String(text)) => Some(text.clone()),
                (Output::FirstString, _) => None,
                (_, value) => Some(value.to_string()),
            }
        });
        Arc::new(values.collect::<StringArray>())
    }

    fn lists(texts: &StringArray, path: &JsonPath) -> ArrayRef {
        let mut lists = ListBuilder::new(StringBuilder::new());
        for text in texts {
            let document: Option<Value> = text.and_then(|text| serde_json::from_str(text).ok());
            if let Some(document) = &document {
                for value in path.select(document) {
                    lists.values().append_value(value.to_string());
                }
            }
            lists.append(document.is_some());
        }
        Arc::new(lists.finish())
    }
}

impl ScalarUDFImpl for ExtractJson {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arg_types: &[DataType]) -> Result<DataType> {
        Ok(match self.output {
            Output::First | Output::FirstString => DataType::Utf8,
            Output::All => DataType::new_list(DataType::Utf8, true),
        })
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        self.path(args.scalar_arguments.get(1).copied().flatten())?;
        Ok(Arc::new(Field::new(self.name, self.return_type(&[])?, true)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [text, ColumnarValue::Scalar(path)] = args.args.as_slice() else {
            return exec_err!("the path of `{}` must be a literal such as '$.a.b[0]'", self.name);
        };
        let path = self.path(Some(path))?;
        let is_scalar = matches!(text, ColumnarValue::Scalar(_));
        let texts = text.to_array(if is_scalar { 1 } else { args.number_rows })?;
        let Some(texts) = texts.as_string_opt::<i32>() else {
            return exec_err!("`{}` reads text, not {}", self.name, texts.data_type());
        };
        let values = match self.output {
            Output::All => Self::lists(texts, &path),
            Output::First | Output::FirstString => self.strings(texts, &path),
        };
        if is_scalar {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&values, 0)?));
        }
        Ok(ColumnarValue::Array(values))
    }
}

/// `get_first_json_object(text, path)`: the first selected value as JSON text.
pub(super) fn get_first_json_object() -> ScalarUDF {
    ExtractJson::udf("get_first_json_object", Output::First)
}

/// `extract_json(text, path)`: all selected values as a list of JSON texts.
pub(super) fn extract_json() -> ScalarUDF {
    ExtractJson::udf("extract_json", Output::All)
}

/// `extract_json_string(text, path)`: the content of the first selected value if it is a string.
pub(super) fn extract_json_string() -> ScalarUDF {
    ExtractJson::udf("extract_json_string", Output::FirstString)
}

#[cfg(test)]
mod tests {
    use arrow::array::RecordBatch;
    use arrow::util::display::array_value_to_string;
    use datafusion::logical_expr::{col, lit};

    use super::*;
    use crate::Compiled;

    fn call(function: ScalarUDF, path: &str) -> Vec<String> {
        let texts = StringArray::from(vec![Some("{\"a\": [\"x\", 2]}"), Some("no JSON"), None, Some("{}")]);
        let batch = RecordBatch::try_from_iter([("t", Arc::new(texts) as ArrayRef)]).expect("a batch");
        let expr = Compiled::new(&function.call(vec![col("t"), lit(path)]), &batch.schema()).expect("it binds");
        let values = expr.evaluate(&batch).expect("it evaluates");
        (0..values.len()).map(|row| array_value_to_string(&values, row).expect("a text")).collect()
    }

    #[test]
    fn values_are_extracted() {
        assert_eq!(call(get_first_json_object(), "$.a"), ["[\"x\",2]", "", "", ""]);
        assert_eq!(call(extract_json_string(), "$.a[0]"), ["x", "", "", ""]);
        assert_eq!(call(extract_json_string(), "$.a[1]"), ["", "", "", ""]);
        assert_eq!(call(extract_json(), "$.a[*]"), ["[\"x\", 2]", "", "", "[]"]);
    }

    #[test]
    fn a_wrong_path_is_found_when_planning() {
        let schema = Arc::new(arrow::datatypes::Schema::new(vec![Field::new("t", DataType::Utf8, true)]));
        let error = Compiled::new(&extract_json().call(vec![col("t"), lit("a.b")]), &schema).expect_err("a wrong path");
        assert!(error.to_string().contains("starts with `$`"), "{error}");
    }
}
