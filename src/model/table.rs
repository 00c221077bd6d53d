//! [`Table`]: the rows of one kind, found by id, uid, name, or owner.

use rustc_hash::FxBuildHasher;
use std::hash::{BuildHasher, Hash};

use super::id::{Id, Uid};
use super::index::Index;
use super::meta::Object;
use super::slots::Slots;

/// The rows of one kind.
///
/// Rows live in slots that are used again; an [`Id`] carries the slot's generation, so that an old one finds nothing.
/// The indices hold slot numbers only (four bytes an entry) and read the rows to compare.
///
/// A new list does not replace the table: it raises the `epoch`, rows that arrive are stamped with it, and what bears
/// an older stamp when the list ends is swept. So there is no second copy and no moment of emptiness.
#[derive(Debug, Clone)]
pub struct Table<T> {
    slots: Slots<Slot<T>>,
    free: Vec<u32>,
    by_uid: Index,
    by_name: Index,
    by_owner: Index,
    epoch: u32,
    /// How many rows bear the present epoch: when all do, nothing has to be looked for to be swept.
    fresh: usize,
}

#[derive(Debug, Clone)]
struct Slot<T> {
    generation: u32,
    epoch: u32,
    row: Option<T>,
}

/// What an upsert did.
#[derive(Debug)]
pub enum Upserted<T> {
    /// The object was not known.
    New(Id<T>),
    /// The object was known at this very version: nothing changed.
    Same(Id<T>),
    /// The object was known at an older version, returned here.
    Replaced(Id<T>, T),
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            slots: Slots::default(),
            free: Vec::new(),
            by_uid: Index::default(),
            by_name: Index::default(),
            by_owner: Index::default(),
            epoch: 0,
            fresh: 0,
        }
    }
}

fn hash(value: impl Hash) -> u64 {
    FxBuildHasher.hash_one(value)
}

fn name_hash(namespace: &str, name: &str) -> u64 {
    hash((namespace, name))
}

impl<T: Object> Table<T> {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.by_uid.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One more than the largest [`Id::index`] ever given: the size of a side table.
    pub fn capacity(&self) -> usize {
        self.slots.len()
    }

    /// Each piece of the table: where it lies in memory, and how many rows it has room for.
    pub(super) fn pieces(&self) -> impl Iterator<Item = (usize, usize)> {
        self.slots.pieces()
    }

    /// The row of a handle, unless it is gone.
    pub fn get(&self, id: Id<T>) -> Option<&T> {
        let slot = self.slots.get(id.slot as usize)?;
        (slot.generation == id.generation).then_some(slot.row.as_ref()).flatten()
    }

    /// All rows, in no order that means anything.
    pub fn iter(&self) -> impl Iterator<Item = (Id<T>, &T)> {
        self.slots
            .iter()
            .enumerate()
            .filter_map(|(i, slot)| Some((Id::new(i as u32, slot.generation), slot.row.as_ref()?)))
    }

    /// The row in a place, for whoever walks the table bit by bit: places are those below [`Self::capacity`].
    pub fn at(&self, place: usize) -> Option<(Id<T>, &T)> {
        let slot = self.slots.get(place)?;
        Some((Id::new(place as u32, slot.generation), slot.row.as_ref()?))
    }

    /// The object with a uid.
    pub fn by_uid(&self, uid: Uid) -> Option<Id<T>> {
        self.by_uid
            .find(hash(uid), |slot| self.row(slot).is_some_and(|row| row.meta().uid == uid))
            .map(|slot| self.id(slot))
    }

    /// The object with a name: the youngest, in the moment in which a recreated one and its predecessor are both known.
    pub fn by_name(&self, namespace: &str, name: &str) -> Option<Id<T>> {
        self.by_name
            .iter_hash(name_hash(namespace, name))
            .filter_map(|slot| Some((slot, self.row(slot)?.meta())))
            .filter(|(_, meta)| &*meta.name == name && &*meta.namespace == namespace)
            .max_by_key(|(_, meta)| (meta.created, meta.uid))
            .map(|(slot, _)| self.id(slot))
    }

    /// All objects with a name: more than one where a recreated object and its predecessor are both known.
    pub(super) fn named(&self, namespace: &str, name: &str) -> impl Iterator<Item = Id<T>> {
        let found = self.by_name.iter_hash(name_hash(namespace, name));
        found
            .filter_map(|slot| Some((slot, self.row(slot)?.meta())))
            .filter(move |(_, meta)| &*meta.name == name && &*meta.namespace == namespace)
            .map(|(slot, _)| self.id(slot))
    }

    /// The objects whose controller owner has a uid, whether or not that owner is known.
    pub fn owned_by(&self, owner: Uid) -> impl Iterator<Item = (Id<T>, &T)> {
        self.by_owner
            .iter_hash(hash(owner))
            .filter_map(|slot| Some((self.id(slot), self.row(slot)?)))
            .filter(move |(_, row)| row.meta().owner == Some(owner))
    }

    /// Begins a list. The mark it returns tells later what the list delivered: several lists can arrive at a time.
    pub(super) fn mark(&mut self) -> u32 {
        self.epoch += 1;
        self.fresh = 0;
        self.epoch
    }

    /// The objects of a scope that were not delivered since a mark.
    pub(super) fn unswept(&self, mark: u32, in_scope: impl Fn(&T) -> bool) -> Vec<Uid> {
        if mark <= self.epoch && self.fresh == self.len() {
            return Vec::new();
        }
        self.slots
            .iter()
            .filter(|slot| slot.epoch < mark)
            .filter_map(|slot| slot.row.as_ref())
            .filter(|row| in_scope(row))
            .map(|row| row.meta().uid)
            .collect()
    }

    fn row(&self, slot: u32) -> Option<&T> {
        self.slots.get(slot as usize)?.row.as_ref()
    }

    fn id(&self, slot: u32) -> Id<T> {
        Id::new(slot, self.slots.get(slot as usize).map_or(0, |s| s.generation))
    }

    fn link(&mut self, slot: u32) {
        let Some(meta) = self.slots.get(slot as usize).and_then(|s| s.row.as_ref()).map(Object::meta) else { return };
        self.by_uid.insert(hash(meta.uid), slot);
        self.by_name.insert(name_hash(&meta.namespace, &meta.name), slot);
        if let Some(owner) = meta.owner {
            self.by_owner.insert(hash(owner), slot);
        }
    }

    fn unlink(&mut self, slot: u32) {
        let Some(meta) = self.slots.get(slot as usize).and_then(|s| s.row.as_ref()).map(Object::meta) else { return };
        self.by_uid.remove(hash(meta.uid), slot);
        self.by_name.remove(name_hash(&meta.namespace, &meta.name), slot);
        if let Some(owner) = meta.owner {
            self.by_owner.remove(hash(owner), slot);
        }
    }
}

impl<T: Object + Clone> Table<T> {
    /// Puts an object in. While no list is arriving, a version older than the known one is a late duplicate and is ignored.
    pub(super) fn upsert(&mut self, row: T, listing: bool) -> Upserted<T> {
        let uid = row.meta().uid;
        let Some(id) = self.by_uid(uid) else { return Upserted::New(self.insert(row)) };
        let epoch = self.epoch;
        // What stays as it is is not written: copies share it.
        if self.slots.get(id.slot as usize).is_some_and(|slot| slot.epoch != epoch)
            && let Some(slot) = self.slots.get_mut(id.slot as usize)
        {
            slot.epoch = epoch;
            self.fresh += 1;
        }
        let Some(old) = self.slots.get(id.slot as usize).and_then(|slot| slot.row.as_ref()) else {
            return Upserted::Same(id);
        };
        let (new, known) = (row.meta().version, old.meta().version);
        let (to, from) = (row.meta(), old.meta());
        // More of the same object may be kept than before: the annotations that a column shows.
        let same = new.is_same_as(known) && to.labels == from.labels;
        if same || (!listing && new.is_older_than(known)) {
            return Upserted::Same(id);
        }
        let moved = (to.owner, &to.name, &to.namespace) != (from.owner, &from.name, &from.namespace);
        if moved {
            self.unlink(id.slot);
        }
        let old = self.slots.get_mut(id.slot as usize).and_then(|slot| slot.row.replace(row));
        if moved {
            self.link(id.slot);
        }
        old.map_or(Upserted::Same(id), |old| Upserted::Replaced(id, old))
    }

    /// Takes an object out.
    pub(super) fn remove(&mut self, uid: Uid) -> Option<(Id<T>, T)> {
        let id = self.by_uid(uid)?;
        self.unlink(id.slot);
        let slot = self.slots.get_mut(id.slot as usize)?;
        slot.generation = slot.generation.wrapping_add(1);
        let row = slot.row.take()?;
        self.fresh -= usize::from(slot.epoch == self.epoch);
        self.free.push(id.slot);
        Some((id, row))
    }

    fn insert(&mut self, row: T) -> Id<T> {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot { generation: 0, epoch: 0, row: None });
            self.slots.len() as u32 - 1
        });
        if let Some(place) = self.slots.get_mut(slot as usize) {
            place.row = Some(row);
            place.epoch = self.epoch;
            self.fresh += 1;
        }
        self.link(slot);
        self.id(slot)
    }
}
