//! What the Events of a Certificate say of the end of its issuances.

use super::chain::Chain;
use crate::model::Model;
use crate::model::events::Event;
use crate::model::history::{Course, Mark, Moment};

/// When an Event was noted, as often as that is known.
pub(super) fn moments(event: &Event) -> impl Iterator<Item = Moment> {
    event.notes().map(|(moment, _)| moment).chain([Moment::stamped(event.last)])
}

/// Whether it says that an issuance ended in a certificate.
pub(super) fn is_success(message: &str) -> bool {
    message.starts_with("The certificate has been successfully issued")
}

/// When the certificate of a request was written into its Secret, as an Event says.
pub(super) fn stored(model: &Model, chain: &Chain, request: &Course) -> Option<Moment> {
    let ready = request.when(Mark::Ready)?;
    let next = chain.requests.iter().filter_map(|other| other.when(Mark::Created)).filter(|t| t.at > ready.at).min();
    let notes = model.events.about(chain.certificate.meta.uid);
    notes
        .filter(|event| &*event.reason == "Issuing" && is_success(event.message.as_str()))
        .flat_map(moments)
        .filter(|moment| moment.at >= ready.at && next.is_none_or(|next| moment.at <= next.at))
        .min_by_key(|moment| moment.at)
}
