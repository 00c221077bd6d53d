//! Faults on the way out: what arrives of an answer, and in which order.

use bytes::Bytes;
use serde_json::Value;

use super::fault::Effect;

/// Tampers with the lines of one answer.
#[derive(Debug)]
pub(crate) struct Tamper {
    effects: Vec<Effect>,
    events: usize,
    bytes: usize,
}

/// What happens next on the wire.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Send(Bytes),
    /// The connection is reset.
    Break,
    /// The answer ends properly.
    End,
    /// Nothing happens any more.
    Hang,
}

impl Tamper {
    /// `None` when the effects leave the answer alone, as they nearly always do.
    pub(crate) fn new(effects: &[Effect]) -> Option<Self> {
        let tampers = |effect: &&Effect| {
            use Effect::{Cut, CutBytes, Duplicate, End, Reorder, Silence};
            matches!(effect, Cut { .. } | CutBytes(_) | Silence { .. } | End { .. } | Duplicate | Reorder)
        };
        let effects: Vec<_> = effects.iter().filter(tampers).cloned().collect();
        (!effects.is_empty()).then_some(Self { effects, events: 0, bytes: 0 })
    }

    /// What becomes of lines that are ready to be sent.
    pub(crate) fn pass(&mut self, lines: Vec<Vec<u8>>) -> Vec<Step> {
        let mut lines = lines;
        if self.effects.contains(&Effect::Duplicate) {
            lines = lines.into_iter().flat_map(|line| [line.clone(), line]).collect();
        }
        if self.effects.contains(&Effect::Reorder) {
            swap_neighbours(&mut lines);
        }
        let mut steps = self.stop_before_next().into_iter().collect::<Vec<_>>();
        for line in lines {
            if steps.iter().any(|step| !matches!(step, Step::Send(_))) {
                break;
            }
            steps.extend(self.send(line));
        }
        steps
    }

    fn send(&mut self, line: Vec<u8>) -> Vec<Step> {
        for effect in &self.effects {
            match effect {
                Effect::Cut { events } if *events == self.events => {
                    return vec![Step::Send(Bytes::copy_from_slice(&line[..line.len() / 2])), Step::Break];
                }
                Effect::CutBytes(limit) if self.bytes + line.len() > *limit => {
                    return vec![
                        Step::Send(Bytes::copy_from_slice(&line[..limit.saturating_sub(self.bytes)])),
                        Step::Break,
                    ];
                }
                _ => {}
            }
        }
        self.events += 1;
        self.bytes += line.len();
        let mut steps = vec![Step::Send(line.into())];
        steps.extend(self.stop_before_next());
        steps
    }

    /// Silence and the end come as soon as the last event has gone, not when the next one is due.
    fn stop_before_next(&self) -> Option<Step> {
        self.effects.iter().find_map(|effect| match effect {
            Effect::Silence { events } if *events <= self.events => Some(Step::Hang),
            Effect::End { events } if *events <= self.events => Some(Step::End),
            _ => None,
        })
    }
}

/// Two events about one object keep their order: that much a real server promises, and even a bad one keeps.
fn swap_neighbours(lines: &mut [Vec<u8>]) {
    for pair in lines.chunks_exact_mut(2) {
        let subject = |line: &[u8]| {
            let event: Value = serde_json::from_slice(line).unwrap_or_default();
            (event["type"] != "BOOKMARK").then(|| event["object"]["metadata"]["uid"].clone())
        };
        let (first, second) = (subject(&pair[0]), subject(&pair[1]));
        if first.is_some() && second.is_some() && first != second {
            pair.swap(0, 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(uid: &str) -> Vec<u8> {
        format!(r#"{{"type":"ADDED","object":{{"metadata":{{"uid":"{uid}"}}}}}}"#).into_bytes()
    }

    #[test]
    fn a_cut_comes_in_the_middle_of_a_line() {
        let mut tamper = Tamper::new(&[Effect::Cut { events: 1 }]).unwrap();
        let steps = tamper.pass(vec![line("a"), line("b"), line("c")]);
        assert_eq!(steps.len(), 3);
        assert_eq!(steps[0], Step::Send(line("a").into()));
        assert!(matches!(&steps[1], Step::Send(half) if half.len() == line("b").len() / 2));
        assert_eq!(steps[2], Step::Break);
    }

    #[test]
    fn an_end_at_once_sends_nothing() {
        let mut tamper = Tamper::new(&[Effect::End { events: 0 }]).unwrap();
        assert_eq!(tamper.pass(vec![line("a")]), [Step::End]);
    }

    #[test]
    fn only_events_of_different_objects_change_places() {
        let mut lines = vec![line("a"), line("a"), line("a"), line("b")];
        swap_neighbours(&mut lines);
        assert_eq!(lines, [line("a"), line("a"), line("b"), line("a")]);
    }
}
