//! cert-manager itself: nothing below moves while it is down.

use super::docket::{Depth, Shown};
use super::{Case, Docket, Sign};
use crate::model::Model;
use crate::model::controller::{Component, Controller};
use crate::model::meta::Object as _;
use crate::triage::finding::{Evidence, Finding};

/// What holds up one part of cert-manager, by evidence only: a status that says so.
fn trouble(row: &Controller) -> Option<String> {
    let status = row.status.as_ref()?;
    if let Some(trouble) = &status.trouble {
        return Some(trouble.to_string());
    }
    (status.ready == 0 && status.wanted > 0).then(|| format!("0 of {} ready", status.wanted))
}

/// The controller, where it is down: its Deployment decides; its Pods where there is none to be seen.
fn down(model: &Model) -> Option<(&Controller, String)> {
    let controller = model.controller()?;
    if controller.status.as_ref().is_some_and(|status| status.wanted == 0) {
        return Some((controller, "scaled to 0".to_owned()));
    }
    trouble(controller).map(|trouble| (controller, trouble))
}

pub(super) fn detect<'m>(case: &Case<'m>, docket: &mut Docket<'_, 'm>) {
    if let Some((controller, trouble)) = down(case.model) {
        docket.rule("controller-down", Shown::at(Depth::System, controller, "status", trouble));
    }
}

/// The signs that no Certificate owns.
pub(in crate::triage) fn of_model<'m>(model: &'m Model, docket: &mut Docket<'_, 'm>) {
    if let Some((controller, trouble)) = down(model) {
        docket.rule("controller-down", Shown::at(Depth::System, controller, "status", trouble));
    }
    for (_, row) in model.controllers.iter() {
        let id = match row.component {
            Component::Webhook => "webhook-down",
            Component::CaInjector => "cainjector-failing",
            Component::Controller | Component::Other => continue,
        };
        if let Some(trouble) = trouble(row) {
            docket.rule(id, Shown::at(Depth::System, row, "status", trouble));
        }
    }
}

/// What is known to be wrong with the release that runs, where it explains the finding.
pub(super) fn enrich(case: &Case, sign: &Sign, finding: &mut Finding) {
    let Some(controller) = case.controller() else { return };
    let Some(version) = controller.version.as_deref() else { return };
    for known in crate::triage::releases::explaining(version, &sign.row.id) {
        finding.confidence = finding.confidence.raised();
        finding.evidence.push(Evidence {
            object: controller.key(),
            field: "version".to_owned(),
            value: format!("{version}: {}", known.what),
        });
    }
}
