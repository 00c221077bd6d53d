//! The objects of a simulated cluster, and the log of what happened to them.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::ops::Bound;
use std::sync::Arc;

use serde_json::Value;

use super::dice::Dice;
use super::object::stamp;
pub(crate) use super::object::{Object, Place};
use super::resource::{RESOURCES, Resource};

/// How many changes a watch may lie behind before it gets a 410. A change keeps two versions of an object alive, so
/// this bounds memory: at 2 kB an object, 20,000 changes are 80 MB at worst.
const LOG_LIMIT: usize = 20_000;

/// Where the versions of a new cluster begin: a cluster that is a few minutes old has seen some hundred writes.
const FIRST_VERSION: u64 = 700;

/// What happened to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    Added,
    Modified,
    Deleted,
}

/// One entry of the log.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) version: u64,
    pub(crate) resource: &'static Resource,
    pub(crate) event: Event,
    /// The object after the change; of a deleted one, its last state with the version of the deletion.
    pub(crate) object: Arc<Object>,
    /// The object before the change.
    pub(crate) before: Option<Arc<Object>>,
}

/// Everything the API server knows. One owner, behind the lock of a cluster.
#[derive(Debug)]
pub(crate) struct Store {
    shelves: Vec<BTreeMap<Box<str>, Arc<Object>>>,
    version: u64,
    log: VecDeque<Change>,
    compacted: u64,
    owned: HashMap<Box<str>, Vec<Place>>,
    pub(super) dice: Dice,
}

impl Store {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            shelves: RESOURCES.iter().map(|_| BTreeMap::new()).collect(),
            version: FIRST_VERSION,
            log: VecDeque::new(),
            compacted: FIRST_VERSION,
            owned: HashMap::new(),
            dice: Dice::new(seed),
        }
    }

    /// The version of the last write.
    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    /// The version up to which the log was thrown away.
    pub(crate) fn compacted(&self) -> u64 {
        self.compacted
    }

    /// Throws the log away: every watch and every page of before this moment is too old.
    pub(crate) fn compact(&mut self) {
        self.log.clear();
        self.compacted = self.version;
    }

    /// The same after objects were planted: even who had read everything has to list again.
    pub(crate) fn begin_anew(&mut self) {
        self.version += 1;
        self.compact();
    }

    pub(crate) fn get(&self, resource: &Resource, key: &str) -> Option<&Arc<Object>> {
        self.shelf(resource).get(key)
    }

    /// Objects in the order of their keys, of one namespace or of all, those after `start` only.
    pub(crate) fn range<'a>(
        &'a self,
        resource: &Resource,
        namespace: Option<&str>,
        start: Option<&str>,
    ) -> impl Iterator<Item = &'a Arc<Object>> + use<'a> {
        let prefix = namespace.map(|namespace| format!("{namespace}/")).unwrap_or_default();
        let from = start.filter(|start| *start >= prefix.as_str());
        let lower: Bound<&str> = from.map_or(Bound::Included(prefix.as_str()), Bound::Excluded);
        let found = self.shelf(resource).range::<str, _>((lower, Bound::Unbounded));
        found.take_while(move |(key, _)| key.starts_with(prefix.as_str())).map(|(_, object)| object)
    }

    pub(crate) fn count(&self, resource: &Resource) -> usize {
        self.shelf(resource).len()
    }

    /// What has this object as an owner.
    pub(crate) fn owned_by(&self, uid: &str) -> Vec<Place> {
        self.owned.get(uid).cloned().unwrap_or_default()
    }

    /// The changes after `version`, oldest first; `None` when the log does not reach back that far.
    pub(crate) fn changes_after(&self, version: u64) -> Option<impl Iterator<Item = &Change>> {
        let start = self.log.partition_point(|change| change.version <= version);
        (version >= self.compacted).then(|| self.log.range(start..))
    }

    /// Objects of one resource as they were at a version, where they differ from now: the state before their first
    /// change since. `None` for those that were not there. The log must reach back that far.
    pub(crate) fn since(&self, resource: &Resource, version: u64) -> BTreeMap<&str, Option<&Arc<Object>>> {
        let mut then = BTreeMap::new();
        for change in self.changes_after(version).into_iter().flatten() {
            if std::ptr::eq(change.resource, resource) {
                then.entry(change.object.key()).or_insert(change.before.as_ref());
            }
        }
        then
    }

    /// Stores a new state of an object under a new version, and logs it.
    pub(super) fn put(&mut self, resource: &'static Resource, mut value: Value) -> Arc<Object> {
        self.version += 1;
        stamp(&mut value, self.version);
        let object = Arc::new(Object::new(value));
        let before = self.shelves[resource.index()].insert(object.key().into(), Arc::clone(&object));
        self.index(resource, before.as_deref(), Some(&object));
        let event = if before.is_some() { Event::Modified } else { Event::Added };
        self.log(Change { version: self.version, resource, event, object: Arc::clone(&object), before });
        object
    }

    /// Stores an object that was there before anybody looked: no log entry, so a big world starts at once.
    /// [`Store::begin_anew`] tells those who looked already.
    pub(super) fn plant(&mut self, resource: &'static Resource, object: Object) {
        let object = Arc::new(object);
        self.index(resource, None, Some(&object));
        self.version = self.version.max(object.version());
        self.shelves[resource.index()].insert(object.key().into(), object);
    }

    /// Takes an object out, and logs it with its last state.
    pub(super) fn take(&mut self, resource: &'static Resource, key: &str) -> Option<Arc<Object>> {
        let before = self.shelves[resource.index()].remove(key)?;
        self.index(resource, Some(&before), None);
        self.version += 1;
        let mut value = before.value();
        stamp(&mut value, self.version);
        let object = Arc::new(Object::new(value));
        let (version, event) = (self.version, Event::Deleted);
        self.log(Change { version, resource, event, object: Arc::clone(&object), before: Some(before) });
        Some(object)
    }

    fn shelf(&self, resource: &Resource) -> &BTreeMap<Box<str>, Arc<Object>> {
        &self.shelves[resource.index()]
    }

    fn log(&mut self, change: Change) {
        self.log.push_back(change);
        if self.log.len() > LOG_LIMIT
            && let Some(oldest) = self.log.pop_front()
        {
            self.compacted = oldest.version;
        }
    }

    fn index(&mut self, resource: &'static Resource, before: Option<&Object>, after: Option<&Object>) {
        let owners = |object: Option<&Object>| object.map_or_else(Vec::new, |object| object.owners().to_vec());
        let (old, new) = (owners(before), owners(after));
        if old == new {
            return;
        }
        let Some(key) = after.or(before).map(Object::key) else { return };
        let place = Place { resource, key: key.into() };
        for uid in old {
            if let Some(places) = self.owned.get_mut(&uid) {
                places.retain(|known| *known != place);
                if places.is_empty() {
                    self.owned.remove(&uid);
                }
            }
        }
        for uid in new {
            self.owned.entry(uid).or_default().push(place.clone());
        }
    }
}
