//! What stands around cert-manager is looked for when a page shows what it says more: once for each place.

use super::App;
use super::effect::Effect;
use super::message::SourceKind;
use super::screen::Screen;
use crate::model::surroundings::Sought;

impl App {
    /// Asks for what is not known yet and would be shown.
    pub(super) fn ask_around(&mut self) -> Option<Effect> {
        let asks = self.session.as_ref().is_some_and(|session| session.source != SourceKind::Recording);
        if !asks || !matches!(self.ui.screen(), Screen::Describe | Screen::Tree | Screen::Causes) {
            return None;
        }
        let own = !self.looked.contains("");
        let here = self.model.certificates.get(self.selected()?)?.meta.namespace.clone();
        let place = (!self.looked.contains(&here)).then_some(here);
        if !own && place.is_none() {
            return None;
        }
        self.looked.insert("".into());
        self.looked.extend(place.clone());
        Some(Effect::LookAround(Sought { own, users_in: place.into_iter().collect(), ..Sought::of(&self.model) }))
    }
}
