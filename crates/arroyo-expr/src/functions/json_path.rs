//! A subset of JSONPath (RFC 9535): `$`, `.name`, `['name']`, `[0]`, `[-1]`, `.*`, `[*]` and `..name`.

use serde_json::Value;

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Name(String),
    Index(i64),
    All,
    Descendants,
}

/// A parsed path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct JsonPath {
    steps: Vec<Step>,
}

impl JsonPath {
    /// Parses a path; the error says where it is wrong.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let wrong = |at: &str, what: &str| {
            let position = text.len() - at.len();
            format!("the JSON path `{text}` is wrong at character {position}: {what}")
        };
        let Some(mut rest) = text.trim_end().strip_prefix('$') else {
            return Err(wrong(text, "a path starts with `$`"));
        };
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let here = rest;
            if let Some(after) = rest.strip_prefix("..") {
                steps.push(Step::Descendants);
                if after.starts_with('[') {
                    rest = after;
                    continue;
                }
                rest = after;
            } else if let Some(after) = rest.strip_prefix('.') {
                rest = after;
            } else if let Some(after) = rest.strip_prefix('[') {
                let (step, after) = bracket(after).ok_or_else(|| wrong(here, "expected `[0]`, `[*]` or `['name']`"))?;
                steps.push(step);
                rest = after;
                continue;
            } else {
                return Err(wrong(here, "expected `.` or `[`"));
            }
            if let Some(after) = rest.strip_prefix('*') {
                steps.push(Step::All);
                rest = after;
                continue;
            }
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            if name.is_empty() {
                return Err(wrong(here, "expected a name after `.`"));
            }
            steps.push(Step::Name(name.to_string()));
            rest = after;
        }
        Ok(Self { steps })
    }

    /// All values that the path selects, in document order.
    pub(super) fn select<'a>(&self, root: &'a Value) -> Vec<&'a Value> {
        let mut selected = vec![root];
        for step in &self.steps {
            let mut next = Vec::new();
            for value in selected {
                apply(step, value, &mut next);
            }
            selected = next;
        }
        selected
    }
}

fn bracket(text: &str) -> Option<(Step, &str)> {
    if let Some(quote) = text.chars().next().filter(|c| *c == '\'' || *c == '"') {
        let (name, after) = text.get(1..)?.split_once(quote)?;
        return Some((Step::Name(name.to_string()), after.strip_prefix(']')?));
    }
    let (inside, after) = text.split_once(']')?;
    let step = if inside == "*" { Step::All } else { Step::Index(inside.trim().parse().ok()?) };
    Some((step, after))
}

fn apply<'a>(step: &Step, value: &'a Value, selected: &mut Vec<&'a Value>) {
    match (step, value) {
        (Step::Name(name), Value::Object(fields)) => selected.extend(fields.get(name)),
        (Step::Index(index), Value::Array(elements)) => {
            let index = if *index < 0 { elements.len() as i64 + index } else { *index };
            selected.extend(usize::try_from(index).ok().and_then(|index| elements.get(index)));
        }
        (Step::All, Value::Object(fields)) => selected.extend(fields.values()),
        (Step::All, Value::Array(elements)) => selected.extend(elements),
        (Step::Descendants, value) => descendants(value, selected),
        _ => {}
    }
}

fn descendants<'a>(value: &'a Value, selected: &mut Vec<&'a Value>) {
    selected.push(value);
    match value {
        Value::Object(fields) => fields.values().for_each(|child| descendants(child, selected)),
        Value::Array(elements) => elements.iter().for_each(|child| descendants(child, selected)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn select(path: &str) -> Vec<String> {
        let value = serde_json::json!({"a": {"b": [1, 2, {"c": "x"}]}, "d e": null, "c": 7});
        let path = JsonPath::parse(path).expect("a path");
        path.select(&value).into_iter().map(ToString::to_string).collect()
    }

    #[test]
    fn steps_select() {
        assert_eq!(select("$.a.b[0]"), ["1"]);
        assert_eq!(select("$.a.b[-1].c"), ["\"x\""]);
        assert_eq!(select("$['d e']"), ["null"]);
        assert_eq!(select("$.a.b[*]"), ["1", "2", "{\"c\":\"x\"}"]);
        assert_eq!(select("$..c"), ["7", "\"x\""]);
        assert_eq!(select("$.missing[3]"), Vec::<String>::new());
        assert_eq!(select("$").len(), 1);
    }

    #[test]
    fn wrong_paths_say_where() {
        for path in ["", "a", "$a", "$.", "$[", "$[x]", "$['a]", "$.a..", "$.[0"] {
            let error = JsonPath::parse(path).expect_err(path);
            assert!(error.contains("is wrong at character"), "{error}");
        }
    }
}
