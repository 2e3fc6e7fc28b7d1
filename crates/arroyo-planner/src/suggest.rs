//! Guesses at what was meant.

/// The candidate nearest to a misspelt name, if one is near enough to be meant.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    let limit = (lower.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// `` `a`, `b` and `c` ``, at most `limit` of them.
pub(crate) fn list<S: AsRef<str>>(names: &[S], limit: usize) -> String {
    let quoted: Vec<String> = names.iter().take(limit).map(|name| format!("`{}`", name.as_ref())).collect();
    if names.len() > limit {
        return format!("{}, …", quoted.join(", "));
    }
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [start @ .., last] => format!("{} and {last}", start.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_only_what_is_near() {
        assert_eq!(nearest("prcie", ["price", "name"]), Some("price"));
        assert_eq!(nearest("Prices", ["price", "name"]), Some("price"));
        assert_eq!(nearest("x", ["price", "name"]), None);
    }

    #[test]
    fn lists_read_well() {
        assert_eq!(list(&["a", "b", "c"], 5), "`a`, `b` and `c`");
        assert_eq!(list(&["a", "b", "c"], 2), "`a`, `b`, …");
        assert_eq!(list::<&str>(&[], 2), "");
    }
}
