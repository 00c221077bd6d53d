//! [`Chain`]: which block signed which, and where that ends. Names alone prove nothing: every step is a signature.

use super::block::{Block, Signed};
use super::roots;

/// Where a chain ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// At a root that browsers know.
    Public(String),
    /// At a root that was given beside it, as `ca.crt`.
    Given(String),
    /// At a certificate of `ca.crt` that is no root itself.
    GivenIntermediate(String),
    /// At a certificate that is signed with its own key and stands in the bundle itself.
    Own(String),
    /// At somebody who is not here.
    Open(String),
    /// At a block that bears the name of the issuer, and did not sign.
    Forged(String),
}

/// How the blocks of a bundle belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// The blocks from the leaf up, by their place in the bundle. Never empty.
    pub path: Vec<usize>,
    /// Where it ends.
    pub end: End,
    /// Blocks that are a repetition of an earlier one.
    pub repeated: Vec<usize>,
    /// Blocks that nothing here needs.
    pub unrelated: Vec<usize>,
    /// A block of the path that may not sign others, but did.
    pub unfit: Option<usize>,
}

/// What a block is in its bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// What is presented.
    Leaf,
    /// Between leaf and root.
    Intermediate,
    /// Signed with its own key.
    Root,
    /// Not of this chain.
    Unrelated,
}

impl Role {
    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Leaf => "leaf",
            Self::Intermediate => "intermediate",
            Self::Root => "root",
            Self::Unrelated => "unrelated",
        }
    }
}

impl Chain {
    /// Finds the chain of a bundle, with what was given beside it. `None` where there is no block.
    pub fn of(blocks: &[Block], given: &[Block]) -> Option<Self> {
        // A bundle is for its first certificate that cannot sign; an authority's own bundle begins with it.
        let leaf = blocks.iter().position(|block| !block.is_ca).unwrap_or(0);
        let mut last = blocks.get(leaf)?;
        let mut path = vec![leaf];
        // A chain that reaches a known root is trusted, even where the bundle goes on above it.
        let mut trusted: Option<End> = None;
        let end = loop {
            trusted = trusted.or_else(|| anchor(last, given));
            if last.is_self_signed() {
                break End::Own(last.called());
            }
            match issuer(last, blocks, &path) {
                Some((place, Signed::No)) => {
                    break End::Forged(blocks.get(place).map(Block::called).unwrap_or_default());
                }
                Some((place, _)) => {
                    path.push(place);
                    match blocks.get(place) {
                        Some(next) => last = next,
                        None => break End::Open(last.issuer_called()),
                    }
                }
                None => break above(last, given),
            }
        };
        let same = |a: usize, b: usize| blocks.get(a).map(|x| &x.sha256) == blocks.get(b).map(|x| &x.sha256);
        let repeated: Vec<usize> =
            (0..blocks.len()).filter(|place| (0..*place).any(|earlier| same(earlier, *place))).collect();
        let unrelated = (0..blocks.len()).filter(|place| !path.contains(place) && !repeated.contains(place)).collect();
        let unfit = path.iter().skip(1).copied().find(|place| blocks.get(*place).is_some_and(|block| !block.is_ca));
        let end = match (end, trusted) {
            (End::Forged(who), _) => End::Forged(who),
            (_, Some(trusted)) => trusted,
            (end, None) => end,
        };
        Some(Self { path, end, repeated, unrelated, unfit })
    }

    /// Whether the leaf is the first block.
    pub fn leaf_first(&self) -> bool {
        self.path.first() == Some(&0)
    }

    /// Whether each block stands before the one that signed it.
    pub fn in_order(&self) -> bool {
        self.path.windows(2).all(|pair| matches!(pair, [a, b] if a < b))
    }

    /// What a block is.
    pub fn role(&self, place: usize, blocks: &[Block]) -> Role {
        match self.path.iter().position(|known| *known == place) {
            // An authority that nothing here was signed by is presented for what it is.
            Some(0) if self.path.len() == 1 && blocks.get(place).is_some_and(|it| it.is_ca && it.is_self_signed()) => {
                Role::Root
            }
            Some(0) => Role::Leaf,
            Some(_) if blocks.get(place).is_some_and(Block::is_self_signed) => Role::Root,
            Some(_) => Role::Intermediate,
            None => Role::Unrelated,
        }
    }
}

/// The root that vouches for a block directly, or that the block is itself.
fn anchor(block: &Block, given: &[Block]) -> Option<End> {
    if roots::is_root(block) {
        return Some(End::Public(block.called()));
    }
    if let Some(root) = roots::signer(block) {
        return Some(End::Public(root.called()));
    }
    let roots = given.iter().filter(|block| block.is_self_signed());
    let signed =
        |root: &&Block| root.sha256 == block.sha256 || block.names_issuer(root) && block.signed_by(root) != Signed::No;
    roots.into_iter().find(signed).map(|root| End::Given(root.called()))
}

/// The block of a bundle that signed another, or at least bears its issuer's name.
fn issuer(block: &Block, blocks: &[Block], path: &[usize]) -> Option<(usize, Signed)> {
    let named = blocks.iter().enumerate().filter(|(place, other)| !path.contains(place) && block.names_issuer(other));
    let tried: Vec<(usize, Signed)> = named.map(|(place, other)| (place, block.signed_by(other))).collect();
    [Signed::Yes, Signed::Unknown, Signed::No]
        .into_iter()
        .find_map(|wanted| tried.iter().copied().find(|(_, signed)| *signed == wanted))
}

/// Where a chain goes on in what was given beside it.
fn above(last: &Block, given: &[Block]) -> End {
    let mut path = Vec::new();
    let mut last = last;
    while let Some((place, signed)) = issuer(last, given, &path) {
        let Some(next) = given.get(place).filter(|_| signed != Signed::No) else { break };
        if next.is_self_signed() || roots::is_root(next) {
            return End::Given(next.called());
        }
        path.push(place);
        last = next;
    }
    if path.is_empty() { End::Open(last.issuer_called()) } else { End::GivenIntermediate(last.called()) }
}
