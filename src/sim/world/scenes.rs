//! What happens in a story: objects that come, change and go, names that behave otherwise, settings of cert-manager.

use serde_json::{Value, json};

use super::World;
use crate::sim::agenda::Controller;
use crate::sim::conditions::{self, Condition};
use crate::sim::scheduling::delay;
use crate::sim::story::Action;

impl World {
    /// Does what the next scene of a step says.
    pub(super) fn play(&mut self, number: &str) {
        let Some(slot) = number.parse::<usize>().ok().and_then(|number| self.scenes.get_mut(number)) else { return };
        let Some(scene) = slot.take() else { return };
        let action = scene.action();
        *slot = scene.next();
        if let Some(next) = slot {
            self.agenda.add(Controller::Story, number, next.at);
        }
        if let Ok(action) = action {
            self.act(action);
        }
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Apply(manifests) => manifests.iter().for_each(|manifest| self.desk.apply(manifest)),
            Action::Delete(objects) => {
                for object in &objects {
                    let (kind, key) = object.split_once('/').unwrap_or((object, ""));
                    self.desk.delete(kind, key);
                }
            }
            Action::Patch(patch) => {
                let (kind, key) = patch.object.split_once('/').unwrap_or((&patch.object, ""));
                if let Some(mut object) = self.desk.get(kind, key) {
                    json_patch::merge(&mut object, &patch.merge);
                    self.desk.apply(&object);
                }
            }
            Action::Renew(key) => self.renew(&key),
            Action::Names(names) => {
                for (name, behaviour) in names {
                    self.desk.outside.set(&name, behaviour);
                }
            }
            Action::Settings(changes) => self.set_up(&changes),
        }
    }

    fn renew(&mut self, key: &str) {
        let Some(mut certificate) = self.desk.get("Certificate", key) else { return };
        let (reason, message) = ("ManuallyTriggered", "Certificate re-issuance manually triggered");
        let issuing = Condition { kind: "Issuing", status: "True", reason, message, observed: true };
        conditions::set(&mut certificate, &issuing, self.desk.now);
        drop(self.desk.update_status(certificate));
    }

    /// Changes the settings; a controller that comes back finds the work that was left.
    fn set_up(&mut self, changes: &Value) {
        let was_down = !self.desk.settings.controller;
        self.desk.settings.merge(changes);
        let deployment = json!({"status": {"readyReplicas": i32::from(self.desk.settings.controller), "availableReplicas": i32::from(self.desk.settings.controller)}});
        if let Some(mut object) = self.desk.get("Deployment", "cert-manager/cert-manager") {
            json_patch::merge(&mut object, &deployment);
            drop(self.desk.update_status(object));
        }
        if was_down && self.desk.settings.controller {
            for (controller, key) in std::mem::take(&mut self.parked) {
                let soon = self.desk.after(delay(controller) + 500);
                self.agenda.add(controller, &key, soon);
            }
        }
        if self.desk.settings.approver {
            for key in &self.desk.open_requests {
                self.agenda.add(Controller::Approver, key, self.desk.after(500));
            }
        }
    }
}
