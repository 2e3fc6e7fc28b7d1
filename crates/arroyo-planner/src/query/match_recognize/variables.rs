//! The names that a clause gives to rows: variables of the pattern, and subsets of them.

use datafusion::sql::sqlparser::ast::{
    Expr as SqlExpr, Ident, MatchRecognizePattern, MatchRecognizeSymbol, Spanned, SymbolDefinition,
};

use crate::pattern::{Automaton, Piece, PieceKind, TooLarge, compile, parse};
use crate::statement::{MARK, SUBSET, sql_span};
use crate::suggest::list;
use crate::{Diagnostic, Span, codes};

/// Variables in the order in which the pattern names them, and subsets.
#[derive(Debug, Default)]
pub(super) struct Variables {
    pub(super) names: Vec<String>,
    subsets: Vec<(String, Vec<usize>)>,
}

/// A pattern that was read.
pub(super) struct ReadPattern {
    pub(super) text: String,
    pub(super) automaton: Automaton,
    pub(super) span: Option<Span>,
}

impl Variables {
    /// Reads the pattern and the subsets.
    pub(super) fn read(
        pattern: &MatchRecognizePattern,
        symbols: &[SymbolDefinition],
    ) -> Result<(Self, ReadPattern), Diagnostic> {
        let pieces = pieces(pattern);
        let (parsed, names) = parse(&pieces)?;
        let span = pieces.iter().filter_map(|piece| piece.span).reduce(Span::union);
        let automaton = compile(&parsed).map_err(|TooLarge| {
            Diagnostic::error(&codes::PATTERN, "the pattern is too large when its repetitions are written out")
                .at(span)
                .help("use smaller numbers, or a condition with count(*) in DEFINE")
        })?;
        let text = parsed.display(&names).to_string();
        let mut variables = Self { names, subsets: Vec::new() };
        for symbol in symbols {
            if let Some(name) = symbol.symbol.value.strip_prefix(SUBSET) {
                variables.add_subset(name, &symbol.symbol, &symbol.definition)?;
            }
        }
        Ok((variables, ReadPattern { text, automaton, span }))
    }

    fn add_subset(&mut self, name: &str, ident: &Ident, members: &SqlExpr) -> Result<(), Diagnostic> {
        let at = sql_span(ident.span);
        if self.find(name).is_some() {
            return Err(Diagnostic::error(&codes::PATTERN, format!("`{name}` is already a variable"))
                .at(at)
                .help("give the subset another name"));
        }
        let members = match members {
            SqlExpr::Tuple(members) => members.iter().collect(),
            SqlExpr::Nested(member) => vec![member.as_ref()],
            other => vec![other],
        };
        let mut set = Vec::with_capacity(members.len());
        for member in members {
            let SqlExpr::Identifier(member) = member else {
                return Err(Diagnostic::error(&codes::PATTERN, "a subset consists of variables")
                    .at(sql_span(member.span()).or(at))
                    .help("write SUBSET u = (A, B)"));
            };
            set.push(self.variable(member)?);
        }
        set.sort_unstable();
        set.dedup();
        self.subsets.push((name.to_owned(), set));
        Ok(())
    }

    /// The variables that a name means.
    pub(super) fn find(&self, name: &str) -> Option<Vec<usize>> {
        if let Some(variable) = self.names.iter().position(|known| known.eq_ignore_ascii_case(name)) {
            return Some(vec![variable]);
        }
        self.subsets.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, set)| set.clone())
    }

    /// All variables.
    pub(super) fn all(&self) -> Vec<usize> {
        (0..self.names.len()).collect()
    }

    /// The variable of the pattern that a name means.
    pub(super) fn variable(&self, name: &Ident) -> Result<usize, Diagnostic> {
        let found = self.names.iter().position(|known| known.eq_ignore_ascii_case(&name.value));
        found.ok_or_else(|| self.unknown(&name.value, sql_span(name.span)))
    }

    /// The variables that a name of a variable or a subset means.
    pub(super) fn set(&self, name: &Ident) -> Result<Vec<usize>, Diagnostic> {
        self.find(&name.value).ok_or_else(|| self.unknown(&name.value, sql_span(name.span)))
    }

    /// A name that means nothing.
    pub(super) fn unknown(&self, name: &str, span: Option<Span>) -> Diagnostic {
        let known: Vec<&str> =
            self.names.iter().chain(self.subsets.iter().map(|(name, _)| name)).map(String::as_str).collect();
        let help = match known.as_slice() {
            [] => "the pattern has no variables".to_owned(),
            known => format!("the pattern has {}", list(known, 8)),
        };
        Diagnostic::error(&codes::PATTERN, format!("`{name}` is not a variable of the pattern")).at(span).help(help)
    }
}

/// The tokens that a pattern was read from.
fn pieces(pattern: &MatchRecognizePattern) -> Vec<Piece> {
    let symbols = match pattern {
        MatchRecognizePattern::Concat(parts) => parts.as_slice(),
        only => std::slice::from_ref(only),
    };
    let piece = |symbol: &MatchRecognizePattern| {
        let MatchRecognizePattern::Symbol(MatchRecognizeSymbol::Named(ident)) = symbol else { return None };
        let (kind, text) = ident.value.strip_prefix(MARK)?.split_once(' ').unwrap_or(("end", ""));
        let kind = match kind {
            "name" => PieceKind::Name(text.to_owned()),
            "number" => PieceKind::Number(text.to_owned()),
            "mark" => PieceKind::Mark(text.chars().next()?),
            _ => PieceKind::End,
        };
        Some(Piece { kind, span: sql_span(ident.span) })
    };
    symbols.iter().filter_map(piece).collect()
}
