//! Order, missing and superfluous blocks, and where a chain really ends.

use cmtop::text::is_hostile;
use cmtop::x509::bundle::Bundle;
use cmtop::x509::chain::{Chain, End};
use cmtop::x509::tell::{Value, tell};
use proptest::prelude::*;

use super::maker::{Made, chain, checks, marks, material, params};

#[test]
fn a_good_chain_ends_at_the_root_beside_it() {
    let (root, middle, leaf) = chain();
    let material = material(&[&leaf.pem, &middle.pem], &[&root.pem]);
    assert_eq!(marks(&material), ["good validity", "good order", "good chain"]);
    let (blocks, given) = (&material.bundle.blocks, &material.authority.blocks);
    assert_eq!(Chain::of(blocks, given).unwrap().end, End::Given("Test Root".to_owned()));
}

#[test]
fn an_intermediate_is_no_root() {
    let (_, middle, leaf) = chain();
    // The chain carries its own issuer, and nobody vouches for that.
    assert_eq!(marks(&material(&[&leaf.pem, &middle.pem], &[])), ["good validity", "good order", "warning chain"]);
    // An intermediate that is called an authority is none either.
    let beside = material(&[&leaf.pem], &[&middle.pem]);
    assert_eq!(marks(&beside), ["good validity", "warning chain"]);
    assert!(checks(&beside)[1].words.contains("no root"), "{:?}", checks(&beside));
}

#[test]
fn a_missing_intermediate_is_wrong() {
    let (root, _, leaf) = chain();
    let alone = material(&[&leaf.pem], &[&root.pem]);
    assert_eq!(marks(&alone), ["good validity", "wrong chain"]);
    assert!(checks(&alone)[1].words.contains("Test Intermediate"), "{:?}", checks(&alone));
}

#[test]
fn the_order_is_told() {
    let (root, middle, leaf) = chain();
    assert!(marks(&material(&[&middle.pem, &leaf.pem], &[])).contains(&"wrong leaf-first".to_owned()));
    let turned = material(&[&leaf.pem, &root.pem, &middle.pem], &[]);
    assert!(marks(&turned).contains(&"wrong order".to_owned()), "{:?}", marks(&turned));
    assert!(marks(&turned).contains(&"note root-included".to_owned()));
    let twice = material(&[&leaf.pem, &middle.pem, &middle.pem, &Made::root("Another").pem], &[&root.pem]);
    let marks = marks(&twice);
    assert!(
        marks.contains(&"warning repeated".to_owned()) && marks.contains(&"warning unrelated".to_owned()),
        "{marks:?}"
    );
}

#[test]
fn a_name_is_no_signature() {
    let (_, middle, leaf) = chain();
    let other = Made::root("Test Root").sign(params("Test Intermediate", &[], true, 1_000));
    let forged = material(&[&leaf.pem, &other.pem], &[]);
    assert!(marks(&forged).contains(&"wrong chain".to_owned()), "{:?}", marks(&forged));
    assert!(marks(&material(&[&leaf.pem, &middle.pem], &[&other.pem])).contains(&"warning chain".to_owned()));
}

#[test]
fn what_ended_or_did_not_begin_is_wrong() {
    let root = Made::root("Test Root");
    let old = root.sign(params("", &["a.example"], false, -3));
    assert_eq!(marks(&material(&[&old.pem], &[&root.pem])), ["wrong expired", "good chain"]);
    let mut early = params("", &["a.example"], false, 90);
    early.not_before = early.not_after - time::Duration::days(5);
    assert_eq!(marks(&material(&[&root.sign(early).pem], &[&root.pem])), ["wrong not-yet-valid", "good chain"]);
    let brief = root.sign(params("Brief", &[], true, 5));
    let leaf = brief.sign(params("", &["a.example"], false, 60));
    assert!(marks(&material(&[&leaf.pem, &brief.pem], &[&root.pem])).contains(&"warning outlives-issuer".to_owned()));
}

#[test]
fn a_leaf_may_not_sign() {
    let (root, _, _) = chain();
    let leaf = root.sign(params("Leaf", &["a.example"], false, 60));
    let below = leaf.sign(params("", &["b.example"], false, 60));
    assert!(marks(&material(&[&below.pem, &leaf.pem], &[&root.pem])).contains(&"wrong not-an-authority".to_owned()));
}

#[test]
fn roots_that_browsers_know_are_known() {
    let root = webpki_root_certs::TLS_SERVER_ROOT_CERTS.first().unwrap();
    let bundle = Bundle::of(root.as_ref());
    assert_eq!(bundle.blocks.len(), 1, "{:?}", bundle.faults);
    assert!(matches!(Chain::of(&bundle.blocks, &[]).unwrap().end, End::Public(_)));
}

#[test]
fn keys_are_counted_and_skipped() {
    let (_, middle, leaf) = chain();
    let key = leaf.key.serialize_pem();
    let with = material(&[&key, &leaf.pem, &middle.pem], &[]);
    assert_eq!((with.bundle.keys, with.bundle.blocks.len()), (1, 2));
    assert!(marks(&with).contains(&"note private-key".to_owned()));
    let inside = key.lines().nth(1).unwrap().to_owned();
    assert!(!format!("{with:?}").contains(&inside));
}

#[test]
fn hostile_names_are_made_harmless() {
    let root = Made::root("\u{1b}[2Jevil\u{202e}\u{200b}");
    let material = material(&[&root.pem], &[]);
    let told = format!("{:?}", tell(&material, &checks(&material)));
    assert!(!told.contains("\\u{1b}") && !told.contains("\\u{202e}"), "{told}");
    for part in tell(&material, &checks(&material)) {
        for fact in part.facts {
            let words = match fact.value {
                Value::Text(words) => words,
                Value::Check(check) => check.words,
                Value::Moment(_) => continue,
            };
            assert!(!words.chars().any(is_hostile), "{words:?}");
        }
    }
}

#[test]
fn what_is_no_certificate_is_told() {
    let cases: [(&[u8], &str); 4] = [
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "no certificate"),
        (b"-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n", "no PEM"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n", "no end"),
        (b"hello", "neither PEM"),
    ];
    for (bytes, says) in cases {
        let bundle = Bundle::of(bytes);
        assert!(bundle.faults.iter().any(|fault| fault.contains(says)), "{says}: {bundle:?}");
    }
    assert!(Bundle::of(b" \n").is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_bytes_are_a_problem(bytes in proptest::collection::vec(any::<u8>(), 0..600), at in 0usize..600, pem in any::<bool>()) {
        let (_, middle, leaf) = &*CHAIN;
        let mut whole = format!("{}{}", leaf.pem, middle.pem).into_bytes();
        if !pem {
            whole = Bundle::of(&whole).blocks[0].der().to_vec();
        }
        let at = at.min(whole.len());
        let end = (at + bytes.len() % 40).min(whole.len());
        whole.splice(at..end, bytes.iter().copied().take(bytes.len() % 40));
        for bytes in [&whole, &bytes] {
            let material = cmtop::x509::material::Material { bundle: Bundle::of(bytes), ..Default::default() };
            let checks = checks(&material);
            tell(&material, &checks);
        }
    }
}

static CHAIN: std::sync::LazyLock<(Made, Made, Made)> = std::sync::LazyLock::new(chain);

#[test]
fn what_is_beyond_the_limit_is_said_once_and_is_no_fault() {
    let root = Made::root("Test Root");
    let many: String = (0..70).map(|_| root.pem.as_str()).collect();
    let bundle = Bundle::of(many.as_bytes());
    assert_eq!((bundle.blocks.len(), bundle.left_out, bundle.faults.len()), (64, 6, 0));
    let marks = marks(&material(&[&many], &[]));
    assert_eq!(marks.iter().filter(|mark| *mark == "note left-out").count(), 1, "{marks:?}");
    assert!(!marks.contains(&"wrong unreadable".to_owned()), "{marks:?}");
}
