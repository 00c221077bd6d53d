//! [`Outbox`]: what the dashboard asks of its source and the source has not taken yet. Nothing of it is lost.

use std::collections::VecDeque;
use std::mem::discriminant;

use tokio::sync::mpsc::Sender;

use crate::limits;
use crate::runtime::service::request::Request;

/// Requests on their way, in their order.
#[derive(Debug)]
pub struct Outbox {
    waiting: VecDeque<Request>,
    to: Sender<Request>,
}

impl Outbox {
    /// Begins empty.
    pub const fn new(to: Sender<Request>) -> Self {
        Self { waiting: VecDeque::new(), to }
    }

    /// Asks for something. It comes back where the source is gone, or takes nothing for so long that too much waits.
    pub fn push(&mut self, request: Request) -> Result<(), Request> {
        self.waiting.retain(|waiting| !replaces(&request, waiting));
        if self.to.is_closed() || self.waiting.len() == limits::OUTBOX {
            return Err(request);
        }
        self.waiting.push_back(request);
        while let Ok(place) = self.to.try_reserve() {
            let Some(first) = self.waiting.pop_front() else { break };
            place.send(first);
        }
        Ok(())
    }

    /// Hands over what waits, when the source takes it. Does not end while nothing waits.
    pub async fn hand_over(&mut self) {
        if self.waiting.is_empty() {
            std::future::pending::<()>().await;
        }
        match self.to.reserve().await {
            Ok(place) => {
                if let Some(first) = self.waiting.pop_front() {
                    place.send(first);
                }
            }
            Err(_) => self.waiting.clear(),
        }
    }
}

/// Whether a request says all that an older one of its kind said: of these only the latest is meant.
fn replaces(request: &Request, older: &Request) -> bool {
    let probes = |request: &Request| matches!(request, Request::Probe(_) | Request::Preflight(_) | Request::EndProbe);
    let latest = |request: &Request| {
        matches!(request, Request::Resync | Request::Keep(_) | Request::Logs(_) | Request::Fetch(_))
    };
    probes(request) && probes(older) || latest(request) && discriminant(request) == discriminant(older)
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;
    use crate::action::errand::Errand;

    fn annotations(key: &str) -> Request {
        Request::Keep(vec![key.to_owned()])
    }

    #[tokio::test]
    async fn what_a_source_that_is_busy_does_not_take_waits_and_of_a_state_the_latest() {
        let (to, mut taken) = mpsc::channel(1);
        let mut outbox = Outbox::new(to);
        outbox.push(Request::Record).unwrap();
        outbox.push(annotations("a")).unwrap();
        outbox.push(Request::Action(Errand::Stop(1))).unwrap();
        outbox.push(Request::EndProbe).unwrap();
        outbox.push(annotations("b")).unwrap();
        outbox.push(Request::EndProbe).unwrap();
        outbox.push(Request::Action(Errand::Stop(2))).unwrap();
        assert!(matches!(taken.recv().await, Some(Request::Record)));
        let mut heard = Vec::new();
        while !outbox.waiting.is_empty() {
            outbox.hand_over().await;
            heard.push(format!("{:?}", taken.recv().await.unwrap()));
        }
        assert_eq!(heard, ["Action(Stop(1))", "Keep([\"b\"])", "EndProbe", "Action(Stop(2))"]);
    }

    #[tokio::test]
    async fn what_cannot_be_taken_comes_back() {
        let (to, taken) = mpsc::channel(1);
        let mut outbox = Outbox::new(to);
        let pushed = (0..=limits::OUTBOX).filter_map(|_| outbox.push(Request::Record).ok()).count();
        assert_eq!(pushed, limits::OUTBOX + 1, "one is with the source");
        assert!(outbox.push(Request::Record).is_err());
        drop(taken);
        outbox.hand_over().await;
        assert!(outbox.waiting.is_empty(), "a source that is gone takes nothing");
        assert!(outbox.push(Request::Resync).is_err());
    }
}
