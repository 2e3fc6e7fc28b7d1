//! Patterns as text, and their automata.

use super::*;

fn pieces(text: &str) -> Vec<Piece> {
    let mut kinds: Vec<PieceKind> = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        if character.is_whitespace() {
            continue;
        }
        if !character.is_alphanumeric() {
            kinds.push(PieceKind::Mark(character));
            continue;
        }
        let mut word = String::from(character);
        while let Some(next) = rest.next_if(|next| next.is_alphanumeric()) {
            word.push(next);
        }
        let is_number = word.chars().all(char::is_numeric);
        kinds.push(if is_number { PieceKind::Number(word) } else { PieceKind::Name(word) });
    }
    kinds.push(PieceKind::End);
    kinds.into_iter().map(|kind| Piece { kind, span: None }).collect()
}

/// `start → followers`, and the same for each position; `.` is the end of a match.
fn automaton(text: &str) -> String {
    let (pattern, names) = parse(&pieces(text)).map_err(|fault| fault.message).expect("a pattern");
    let automaton = compile(&pattern).expect("it is small");
    let mut seen: Vec<usize> = vec![0; names.len()];
    let labels: Vec<String> = automaton
        .positions
        .iter()
        .map(|position| {
            let variable = position.variable as usize;
            seen[variable] += 1;
            let times = automaton.positions.iter().filter(|other| other.variable == position.variable).count();
            if times == 1 { names[variable].clone() } else { format!("{}{}", names[variable], seen[variable]) }
        })
        .collect();
    let list = |next: &[u32], ends: bool| {
        let mut list: String = next.iter().map(|next| format!("{} ", labels[*next as usize])).collect();
        list.push_str(if ends { "." } else { "" });
        list.trim_end().to_owned()
    };
    let mut lines = vec![list(&automaton.start, automaton.matches_nothing)];
    for (position, label) in automaton.positions.iter().zip(&labels) {
        lines.push(format!("{label}: {}", list(&position.next, position.accepts)));
    }
    lines.join("; ")
}

#[test]
fn patterns_become_automata() {
    for (pattern, expected) in [
        ("A", "A; A: ."),
        ("A B", "A; A: B; B: ."),
        ("A | B", "A B; A: .; B: ."),
        ("B | A B", "B1 A; B1: .; A: B2; B2: ."),
        ("A*", "A .; A: A ."),
        ("A*?", "; "),
        ("A+", "A; A: A ."),
        ("A+?", "A; A: ."),
        ("A?", "A .; A: ."),
        ("A?? B", "B A; A: B; B: ."),
        ("A*? B", "B A; A: B A; B: ."),
        ("A B* C", "A; A: B C; B: B C; C: ."),
        ("A{3}", "A1; A1: A2; A2: A3; A3: ."),
        ("A{2,}", "A1; A1: A2; A2: A2 ."),
        ("A{2,}?", "A1; A1: A2; A2: ."),
        ("A{,2}", "A1 .; A1: A2 .; A2: ."),
        ("A{1,3}?", "A1; A1: .; A2: .; A3: ."),
        ("A{1,3}? B", "A1; A1: B A2; A2: B A3; A3: B; B: ."),
        ("(A | B)+ C", "A B; A: A B C; B: A B C; C: ."),
        ("(A B)*", "A .; A: B; B: A ."),
        ("()", ".; "),
        ("A ()", "A; A: ."),
        ("PERMUTE(A, B)", "A1 B2; A1: B1; B1: .; B2: A2; A2: ."),
    ] {
        let expected = if pattern == "A*?" { ".; A: ." } else { expected };
        assert_eq!(automaton(pattern), expected.trim_end_matches("; "), "{pattern}");
    }
}

#[test]
fn repetitions_of_nothing_end() {
    for (pattern, expected) in [
        ("(A*)*", "A .; A: A ."),
        ("((A?)*)+", "A .; A: A ."),
        ("(A | ())* B", "A B; A: A B; B: ."),
        // Nothing is preferred, so no repetition follows it.
        ("(() | A)* B", "B A; A: B A; B: ."),
        ("(() | A)+ B", "B A; A: B A; B: ."),
        ("(A?){3} B", "A1 A2 A3 B; A1: A2 A3 B; A2: A3 B; A3: B; B: ."),
        ("(A | () | B)+ C", "A C B; A: A C B; B: A C B; C: ."),
        ("(A? B?)* C", "A B C; A: B A C; B: A B C; C: ."),
    ] {
        assert_eq!(automaton(pattern), expected, "{pattern}");
    }
}

#[test]
fn patterns_are_written_as_they_are_read() {
    for text in ["A B+ (C | D)?", "(A B){2,3}?", "A{2} | ()", "(A | B C)*?", "A{1,} ", "A (B C) D{,4}"] {
        let (pattern, names) = parse(&pieces(text)).expect("a pattern");
        let shown = pattern.display(&names).to_string();
        let (again, _) = parse(&pieces(&shown)).expect("a pattern");
        assert_eq!(again, pattern, "{text} is shown as {shown}");
    }
}

#[test]
fn names_of_variables_have_no_case() {
    let (pattern, names) = parse(&pieces("Low low LOW+")).expect("a pattern");
    assert_eq!(names, ["Low"]);
    assert_eq!(pattern.min_rows(), 3);
}

#[test]
fn what_is_no_pattern_is_refused() {
    for (text, expected) in [
        ("", "expected a variable, found the end of the pattern"),
        ("A |", "expected a variable, found the end of the pattern"),
        ("(A", "expected `)`, found the end of the pattern"),
        ("A)", "expected a variable, a quantifier or the end of the pattern, found `)`"),
        ("* A", "expected a variable, found `*`"),
        ("A++", "a quantifier follows a quantifier"),
        ("A{}", "expected a number, found `}`"),
        ("A{,}", "expected a number, found `}`"),
        ("A{2", "expected `}`, found the end of the pattern"),
        ("A{3,2}", "the quantifier allows no repetition"),
        ("A{0}", "the quantifier allows no repetition"),
        ("A{99999999999}", "expected a whole number that is not too large, found `99999999999`"),
        ("^ A", "`^` is not supported in a pattern"),
        ("A $", "`$` is not supported in a pattern"),
        ("{- A -} B", "rows of a match cannot be left out by {- … -}"),
        ("PERMUTE(A, B, C, D, E, F)", "PERMUTE has 6 patterns, at most 5 are possible"),
    ] {
        assert_eq!(parse(&pieces(text)).expect_err(text).message, expected, "{text}");
    }
    let deep = "(".repeat(100) + "A" + &")".repeat(100);
    assert_eq!(parse(&pieces(&deep)).expect_err("too deep").message, "the pattern is nested more than 64 times");
}

#[test]
fn large_patterns_are_refused_quickly() {
    for text in ["A{5000}", "(A{100}){100}", "((((A?){50}){50}){50}){50}", "(() | A){2000000000}", "(A?){1900}"] {
        let (pattern, _) = parse(&pieces(text)).expect("a pattern");
        assert_eq!(compile(&pattern), Err(TooLarge), "{text}");
    }
    let (pattern, _) = parse(&pieces("A{900} (B | C){100}")).expect("a pattern");
    assert_eq!(compile(&pattern).expect("it fits").positions.len(), 1100);
}
