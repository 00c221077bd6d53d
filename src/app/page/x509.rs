//! The page of one certificate: what was read when it was opened, and what follows.

use super::line::{Emphasis, Line, Piece, plain, text};
use crate::action::choose;
use crate::app::App;
use crate::app::effect::Effect;
use crate::app::fetch::{Fetch, Wanted};
use crate::app::screen::Screen;
use crate::app::toast::Tone;
use crate::model::id::ObjectKey;
use crate::model::kind::Kind;
use crate::model::meta::{Object as _, Time};
use crate::text::wrap;
use crate::x509::check::{Check, Mark};
use crate::x509::judge::judge;
use crate::x509::material::Material;
use crate::x509::tell::{Value, tell};

/// Cells of the column of labels.
const LABEL: usize = 16;

/// The certificate that is looked into.
#[derive(Debug, Default)]
pub struct X509Page {
    /// Whose it is.
    pub open: Option<ObjectKey>,
    /// What was read, and what follows; `None` until it came.
    seen: Option<Result<Seen, String>>,
}

/// What was read, and what follows.
type Seen = (Box<Material>, Vec<Check>);

impl X509Page {
    /// Whether the certificate names a list of what was revoked, which nobody asked for yet.
    pub fn names_list(&self) -> bool {
        let Some(Ok((material, _))) = &self.seen else { return false };
        material.revocation.is_none() && self.is_listed()
    }

    /// Whether the certificate names a list of what was revoked.
    fn is_listed(&self) -> bool {
        let Some(Ok((material, _))) = &self.seen else { return false };
        material.bundle.blocks.iter().any(|block| !block.crls.is_empty())
    }
}

impl App {
    /// The object whose certificate is meant: the selected one, where it holds one, else the Certificate above it.
    pub(in crate::app) fn x509_object(&self) -> Option<ObjectKey> {
        let selected = self.selected_object()?;
        if matches!(selected.kind, Kind::Certificate | Kind::Secret | Kind::CertificateRequest) {
            return Some(selected);
        }
        Some(self.model.certificates.get(choose::certificate(&self.model, &selected)?)?.key())
    }

    /// Opens the page, and asks for what belongs on it.
    pub(in crate::app) fn open_x509(&mut self, now: Time) -> Vec<Effect> {
        let Some(selected) = self.selected_object() else { return Vec::new() };
        let Some(object) = self.x509_object() else {
            self.toasts.show(format!("no certificate belongs to this {}", selected.kind), Tone::Neutral, now);
            return Vec::new();
        };
        let again = self.ui.screen() == Screen::X509 && self.x509.open.as_ref() == Some(&object);
        let wanted = if again && self.x509.names_list() { Wanted::Revocation } else { Wanted::X509 };
        if again {
            let told = match wanted {
                Wanted::Revocation => "asking for the list of what was revoked…",
                _ if self.x509.is_listed() => "reading it again…",
                _ => "reading it again: it names no list of what was revoked",
            };
            self.toasts.show(told, Tone::Neutral, now);
        }
        if self.x509.open.as_ref() != Some(&object) {
            self.x509 = X509Page { open: Some(object.clone()), seen: None };
        }
        self.ui.go(Screen::X509);
        self.write_page();
        vec![Effect::Fetch(Box::new(Fetch { wanted, object, at: now }))]
    }

    /// Takes in what was read.
    pub(in crate::app) fn take_x509(&mut self, object: &ObjectKey, read: Result<Box<Material>, String>, now: Time) {
        if self.x509.open.as_ref() == Some(object) {
            self.x509.seen = Some(read.map(|material| {
                let checks = judge(&material, now);
                (material, checks)
            }));
        }
    }

    pub(in crate::app) fn x509_lines(&self, cells: usize) -> Vec<Line> {
        let (material, checks) = match &self.x509.seen {
            None => return vec![vec![text(Emphasis::Dim, "reading…".to_owned())]],
            Some(Err(why)) => return plain(&format!("It cannot be read: {why}"), Emphasis::Bad, cells),
            Some(Ok(seen)) => seen,
        };
        let mut lines: Vec<Line> = Vec::new();
        if !material.source.is_empty() && material.source != material.subject {
            lines.push(vec![text(Emphasis::Dim, format!("from {}", material.source))]);
        }
        for part in tell(material, checks) {
            if !lines.is_empty() {
                lines.push(Vec::new());
            }
            lines.push(vec![text(Emphasis::Heading, part.title)]);
            for fact in part.facts {
                match fact.value {
                    Value::Text(words) => say(fact.label, Emphasis::Dim, &words, Emphasis::Plain, cells, &mut lines),
                    Value::Moment(at) => lines.push(vec![label(fact.label, Emphasis::Dim), Piece::Moment(at)]),
                    Value::Check(check) => {
                        let tone = match check.mark {
                            Mark::Good => Emphasis::Good,
                            Mark::Note | Mark::Blind => Emphasis::Dim,
                            Mark::Warning | Mark::Bad => Emphasis::Bad,
                        };
                        say(fact.label, tone, &check.words, Emphasis::Plain, cells, &mut lines);
                        if let Some(mend) = &check.mend {
                            say("  mend", Emphasis::Dim, mend, Emphasis::Key, cells, &mut lines);
                        }
                    }
                }
            }
        }
        lines
    }
}

fn label(words: &str, tone: Emphasis) -> Piece {
    text(tone, format!("  {words:<w$}", w = LABEL - 2))
}

fn say(name: &str, tone: Emphasis, words: &str, emphasis: Emphasis, cells: usize, lines: &mut Vec<Line>) {
    for (i, line) in wrap(words, cells.saturating_sub(LABEL).max(16)).into_iter().enumerate() {
        let lead = if i == 0 { label(name, tone) } else { label("", tone) };
        lines.push(vec![lead, text(emphasis, line)]);
    }
}
