//! [`Pacer`]: when the next frame may be painted. Keys at once, data not more than twenty times a second, and nothing
//! at all while the picture holds.

use std::time::Duration;

use tokio::time::Instant;

/// The shortest time between two frames that answer a person.
const FOR_KEYS: Duration = Duration::from_millis(16);

/// The shortest time between two frames that show news.
const FOR_NEWS: Duration = Duration::from_millis(50);

/// Holds frames back.
#[derive(Debug, Default)]
pub struct Pacer {
    last: Option<Instant>,
    due: Option<Instant>,
}

impl Pacer {
    /// A person did something.
    pub fn key(&mut self, now: Instant) {
        self.ask(now, FOR_KEYS);
    }

    /// What a person waits for, in front of an empty page, has come.
    pub fn awaited(&mut self, now: Instant) {
        self.ask(now, FOR_KEYS);
    }

    /// Something changed.
    pub fn news(&mut self, now: Instant) {
        self.ask(now, FOR_NEWS);
    }

    fn ask(&mut self, now: Instant, apart: Duration) {
        let earliest = self.last.map_or(now, |last| now.max(last + apart));
        self.due = Some(self.due.map_or(earliest, |due| due.min(earliest)));
    }

    /// When the next frame is to be painted, if one is.
    pub const fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Whether a frame is to be painted now.
    pub fn is_due(&self, now: Instant) -> bool {
        self.due.is_some_and(|due| due <= now)
    }

    /// A frame was painted.
    pub fn painted(&mut self, now: Instant) {
        self.last = Some(now);
        self.due = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn keys_are_answered_at_once_and_news_are_gathered() {
        let (mut pacer, t) = (Pacer::default(), Instant::now());
        let ms = Duration::from_millis;
        pacer.news(t);
        assert!(pacer.is_due(t), "the first frame comes at once");
        pacer.painted(t);
        assert_eq!(pacer.due(), None, "nothing changed, nothing is painted");
        pacer.news(t + ms(1));
        pacer.news(t + ms(2));
        assert_eq!(pacer.due(), Some(t + ms(50)));
        pacer.key(t + ms(3));
        assert_eq!(pacer.due(), Some(t + ms(16)), "a key does not wait for news");
        pacer.painted(t + ms(16));
        pacer.key(t + ms(40));
        assert!(pacer.is_due(t + ms(40)));
    }
}
