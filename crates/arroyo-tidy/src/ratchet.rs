//! Old offenders.

use std::collections::BTreeMap;

use crate::lengths::LongThing;

/// What may be too long for now, and how long: `name lines` per line, `#` begins a comment.
#[derive(Debug, Default)]
pub struct Ratchet(BTreeMap<String, usize>);

impl Ratchet {
    /// Reads the list; lines that are not of its form are skipped and so allow nothing.
    pub fn parse(text: &str) -> Self {
        let entries = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
            let (name, lines) = line.rsplit_once(' ')?;
            Some((name.trim().to_string(), lines.parse().ok()?))
        });
        Self(entries.collect())
    }

    /// What is too long and not listed, longer than listed, or listed with more than it has.
    pub(crate) fn check(&self, things: Vec<LongThing>) -> Vec<String> {
        let actual: BTreeMap<String, usize> = things.into_iter().map(|thing| (thing.name, thing.lines)).collect();
        let too_long = actual.iter().filter_map(|(name, lines)| match self.0.get(name) {
            None => Some(format!("{name} has {lines} lines: ask what wants to leave")),
            Some(allowed) if lines > allowed => Some(format!("{name} has grown from {allowed} to {lines} lines")),
            Some(_) => None,
        });
        let loose = self.0.iter().filter_map(|(name, allowed)| match actual.get(name) {
            None => Some(format!("ratchet.txt: {name} is no longer too long; remove its line")),
            Some(lines) if lines < allowed => {
                Some(format!("ratchet.txt: {name} now has {lines} lines; lower its line"))
            }
            Some(_) => None,
        });
        too_long.chain(loose).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_only_goes_down() {
        let ratchet = Ratchet::parse("# old\na.rs 700\nb.rs::f 90\nc.rs 650\n");
        let long = |name: &str, lines| LongThing { name: name.into(), lines };
        let faults = ratchet.check(vec![long("a.rs", 701), long("b.rs::f", 85), long("d.rs", 601)]);
        assert_eq!(faults.len(), 4, "{faults:?}");
        assert!(ratchet.check(vec![long("a.rs", 700), long("b.rs::f", 90), long("c.rs", 650)]).is_empty());
    }
}
