//! Stories: a world, and what happens in it.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::clock::{Clock, STORY_START};
use super::outside::Behaviour;

/// The stories that come with the program, by name.
const STORIES: &[(&str, &str)] = &[
    ("busy-night", include_str!("stories/busy-night.yaml")),
    ("quiet", include_str!("stories/quiet.yaml")),
    ("full-queue", include_str!("stories/full-queue.yaml")),
    ("dead-controller", include_str!("stories/dead-controller.yaml")),
];

/// What every story has: cert-manager itself, and the parts of a cluster that it needs.
const BASE: &str = include_str!("stories/base.yaml");

/// How a story is played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Certificates to add to those of the story, in plausible proportions.
    pub certificates: u32,
    /// Where all chance comes from.
    pub seed: u64,
    /// How many times as fast as the wall's clock.
    pub speed: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self { certificates: 0, seed: 0, speed: 1.0 }
    }
}

/// A story: what is in the cluster, and what happens when. See `docs/simulator.md` for the format.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Story {
    /// The story in a sentence.
    #[serde(default)]
    pub title: String,
    /// The moment at which the story starts; steps are counted from it.
    #[serde(default = "default_start")]
    pub start: DateTime<Utc>,
    /// Manifests that were always there.
    #[serde(default)]
    objects: Vec<Value>,
    /// What happens with names outside the cluster.
    #[serde(default)]
    names: BTreeMap<String, Behaviour>,
    /// Certificates in short form.
    #[serde(default)]
    certificates: Vec<Certificate>,
    /// What happens.
    #[serde(default)]
    steps: Vec<Step>,
}

fn default_start() -> DateTime<Utc> {
    STORY_START.parse().unwrap_or_default()
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Certificate {
    /// `namespace/name`.
    name: String,
    /// `ClusterIssuer/name` or `Issuer/name`.
    issuer: String,
    dns_names: Vec<String>,
    /// When somebody applied it.
    at: String,
    /// The name of its Secret, if not the name with `-tls`.
    secret: Option<String>,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
    /// More of its specification.
    #[serde(default)]
    spec: Value,
}

/// Something that happens, once or again and again.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Step {
    at: String,
    every: Option<String>,
    /// How often at most.
    times: Option<u64>,
    #[serde(flatten)]
    action: Value,
}

/// What one step does.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Action {
    /// Creates or replaces objects; a manifest with a status keeps it.
    Apply(Vec<Value>),
    /// Deletes objects: `kind/namespace/name`.
    Delete(Vec<String>),
    /// Merges a patch into an object.
    Patch(Patch),
    /// Renews a certificate by hand, as `cmctl renew` does.
    Renew(String),
    /// Changes what happens with names outside.
    Names(BTreeMap<String, Behaviour>),
    /// Changes how cert-manager is set up.
    Settings(Value),
}

/// A merge patch and what it is for.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Patch {
    /// `kind/namespace/name`.
    pub(crate) object: String,
    pub(crate) merge: Value,
}

/// A step with its time, ready to be played.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub(crate) at: DateTime<Utc>,
    every: Option<TimeDelta>,
    times: Option<u64>,
    played: u64,
    template: Value,
}

/// What is wrong with a story.
#[derive(Debug, thiserror::Error)]
pub enum StoryError {
    /// No story has this name.
    #[error("there is no story named {name:?}; there are: {}", Story::names().collect::<Vec<_>>().join(", "))]
    Unknown {
        /// The name.
        name: String,
    },
    /// The text is no YAML, or not of a story.
    #[error("the story cannot be read: {0}")]
    Yaml(#[from] serde_yaml::Error),
    /// A time is not of the form `-3d`, `1h30m`, `-60d+40s`.
    #[error("{0:?} is no time; write `-3d`, `1h30m` or `-60d+40s`")]
    Time(String),
    /// A step does nothing that is known.
    #[error("the step at {at:?} cannot be played: {error}")]
    Step {
        /// The time of the step.
        at: String,
        /// Why.
        error: serde_json::Error,
    },
}

impl Story {
    /// A story that comes with the program.
    pub fn named(name: &str) -> Result<Self, StoryError> {
        let known = STORIES.iter().find(|(known, _)| *known == name);
        known.map_or_else(|| Err(StoryError::Unknown { name: name.to_owned() }), |(_, text)| Self::parse(text))
    }

    /// The names of the stories that come with the program.
    pub fn names() -> impl Iterator<Item = &'static str> {
        STORIES.iter().map(|(name, _)| *name)
    }

    /// Reads a story.
    pub fn parse(yaml: &str) -> Result<Self, StoryError> {
        let story: Self = serde_yaml::from_str(yaml)?;
        story.scenes()?;
        Ok(story)
    }

    /// The clock of the story, which begins to run: it needs no world.
    pub fn clock(&self, speed: f64) -> Clock {
        Clock::starting_at(self.start, speed)
    }

    /// Everything that happens, as scenes; those before the start are history.
    pub(crate) fn scenes(&self) -> Result<Vec<Scene>, StoryError> {
        let base: Vec<Value> = serde_yaml::from_str(BASE)?;
        let mut scenes = vec![self.scene("-120d", json!({"names": self.names}))?];
        scenes.push(self.scene("-120d", json!({"apply": base}))?);
        scenes.push(self.scene("-119d", json!({"apply": self.objects}))?);
        for certificate in &self.certificates {
            scenes.push(self.scene(&certificate.at, json!({"apply": [certificate.manifest()]}))?);
        }
        for step in &self.steps {
            let mut scene = self.scene(&step.at, step.action.clone())?;
            scene.every = step.every.as_deref().map(offset).transpose()?;
            scene.times = step.times;
            scene.action().map_err(|error| StoryError::Step { at: step.at.clone(), error })?;
            scenes.push(scene);
        }
        scenes.sort_by_key(|scene| scene.at);
        Ok(scenes)
    }

    fn scene(&self, at: &str, template: Value) -> Result<Scene, StoryError> {
        Ok(Scene { at: self.start + offset(at)?, every: None, times: None, played: 0, template })
    }
}

impl Certificate {
    fn manifest(&self) -> Value {
        let (namespace, name) = self.name.split_once('/').unwrap_or(("default", &self.name));
        let (kind, issuer) = self.issuer.split_once('/').unwrap_or(("Issuer", &self.issuer));
        let secret = self.secret.clone().unwrap_or_else(|| format!("{name}-tls"));
        let mut spec = json!({
            "secretName": secret, "dnsNames": self.dns_names,
            "issuerRef": {"name": issuer, "kind": kind, "group": "cert-manager.io"},
            // Without it cert-manager makes RSA keys, which take long: these are the ones that are made here.
            "privateKey": {"algorithm": "ECDSA", "size": 256},
        });
        json_patch::merge(&mut spec, &self.spec_or_empty());
        let mut metadata = json!({"namespace": namespace, "name": name});
        if !self.labels.is_empty() {
            metadata["labels"] = json!(self.labels);
        }
        if !self.annotations.is_empty() {
            metadata["annotations"] = json!(self.annotations);
        }
        json!({"apiVersion": "cert-manager.io/v1", "kind": "Certificate", "metadata": metadata, "spec": spec})
    }

    /// A merge patch that is null would replace everything with nothing.
    fn spec_or_empty(&self) -> Value {
        if self.spec.is_null() { json!({}) } else { self.spec.clone() }
    }
}

impl Scene {
    /// What happens this time; `{n}` in a repeated step is the number of the time, from 1.
    pub(crate) fn action(&self) -> Result<Action, serde_json::Error> {
        let text = self.template.to_string().replace("{n}", &(self.played + 1).to_string());
        let text = text.replace("{p}", &self.played.to_string());
        serde_json::from_str(&text)
    }

    /// The same scene the next time, if there is one.
    pub(crate) fn next(mut self) -> Option<Self> {
        self.played += 1;
        let over = self.times.is_some_and(|times| self.played >= times);
        self.at += self.every.filter(|every| *every > TimeDelta::zero() && !over)?;
        Some(self)
    }
}

/// A time relative to the start: signed sums of days, hours, minutes and seconds.
fn offset(text: &str) -> Result<TimeDelta, StoryError> {
    let wrong = || StoryError::Time(text.to_owned());
    let (mut total, mut sign, mut number) = (TimeDelta::zero(), 1, String::new());
    for letter in text.chars() {
        let unit = match letter {
            '+' => {
                sign = 1;
                continue;
            }
            '-' => {
                sign = -1;
                continue;
            }
            '0'..='9' => {
                number.push(letter);
                continue;
            }
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            _ => return Err(wrong()),
        };
        let count: i64 = number.parse().map_err(|_| wrong())?;
        number.clear();
        total += TimeDelta::try_seconds(sign * count * unit).ok_or_else(wrong)?;
    }
    if number.is_empty() && !text.is_empty() { Ok(total) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_sums() {
        assert_eq!(offset("-60d+40s").unwrap(), TimeDelta::seconds(40) - TimeDelta::days(60));
        assert_eq!(offset("1h30m").unwrap(), TimeDelta::minutes(90));
        assert!(offset("soon").is_err());
        assert!(offset("5").is_err());
    }

    #[test]
    fn stories_that_come_along_can_be_read() {
        for name in Story::names() {
            Story::named(name).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        assert!(Story::named("no-such-story").is_err());
    }

    #[test]
    fn unknown_steps_are_refused() {
        assert!(Story::parse("steps: [{at: 1s, explode: yes}]").is_err());
        assert!(Story::parse("colour: red").is_err());
    }
}
