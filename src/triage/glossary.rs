//! Words that cert-manager writes into its objects, and what they mean.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::model::kind::Kind;

/// A condition, a reason or a state.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// As cert-manager writes it.
    pub word: Box<str>,
    /// Where it stands.
    pub on: Box<str>,
    /// What it says.
    pub means: Box<str>,
    /// What happens then, or what to do.
    pub next: Box<str>,
}

static TERMS: OnceLock<Vec<Term>> = OnceLock::new();

/// Every word, in the order of the lifecycle.
pub fn terms() -> &'static [Term] {
    TERMS.get_or_init(|| serde_yaml::from_str(include_str!("glossary.yaml")).unwrap_or_default())
}

/// What a word means: as it is written, else in any case.
pub fn term(word: &str) -> Option<&'static Term> {
    let exact = terms().iter().find(|term| *term.word == *word);
    exact.or_else(|| terms().iter().find(|term| term.word.eq_ignore_ascii_case(word)))
}

/// What a word means where it stands on an object of some kind.
pub fn term_on(kind: Kind, word: &str) -> Option<&'static Term> {
    let of_kind = |term: &&Term| {
        let mut words = term.on.split(|c: char| !c.is_ascii_alphanumeric());
        words.any(|word| word == kind.name() || word == "Issuer" && kind == Kind::ClusterIssuer)
    };
    let exact = terms().iter().filter(of_kind).find(|term| *term.word == *word);
    exact.or_else(|| terms().iter().filter(of_kind).find(|term| term.word.eq_ignore_ascii_case(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_as_they_are_written_and_in_any_case() {
        assert!(terms().len() > 30);
        assert!(term("pending").unwrap().on.contains("Challenge"));
        assert!(term("Pending").unwrap().on.contains("CertificateRequest"));
        assert_eq!(term("doesnotexist").unwrap().word, "DoesNotExist".into());
        assert_eq!(term("nonsense"), None);
    }

    /// The reasons of the Events that cert-manager v1.21 writes.
    const REASONS: &str = "ACMEAccountVerified ARIError AdditionalOutputFormatsMismatch BadConfig CannotRegenerateKey \
        CertificateIssued CleanUpError Complete CreateCertificate Created CustomFieldsError DecodeError DecodeFailed \
        DeleteCertificate Deleted Denied DeniedReference DomainVerified ErrGetKeyPair ErrInitIssuer ErrInvalidKeyPair \
        ErrRegisterACMEAccount ErrUpdateACMEAccount ErrVerifyACMEAccount ErrorCustomFields ErrorGenerating \
        ErrorGettingSecret ErrorKeyMatch ErrorParse ErrorParseDuration ErrorParsingKey ErrorPublicKey ErrorRequest \
        ErrorRetrieve ErrorSetup ErrorSigning ErrorUpdate ErrorVaultInit ErrorVenafiInit Expired Failed Generated \
        IncorrectIssuer InvalidCertificateRequest InvalidConfig InvalidDuration InvalidKeyPair InvalidOrder InvalidSolver \
        InvalidURL IsReady IssuancePending Issuing IssuerNotFound IssuerNotReady IssuerTypeMissing KeyPairVerified \
        KeystorePasswordSecretNotFound MissingAnnotation MissingSecret OrderBadCertificate OrderBuildingError OrderCreated \
        OrderCreatingError OrderFailed OrderGetError OrderPending ParseError PresentError Presented Ready Renewing \
        RequestError RequestFailed RequestParsingError Requested RetrieveCertificateTimeout RetrieveError Reused \
        SecretGetError SecretInvalidData SecretMissing SecretNotFound SigningError SkippedListenerAnnotation Solver Started \
        UpdateCertificate VaultError VaultInitError VaultVerified VenafiInitError WaitingApproval WaitingForApproval \
        WindowError cert-manager.io";

    #[test]
    fn every_reason_of_an_event_is_known() {
        let unknown: Vec<&str> = REASONS.split_whitespace().filter(|reason| term(reason).is_none()).collect();
        assert_eq!(unknown, Vec::<&str>::new());
    }

    #[test]
    fn a_word_means_what_it_says_on_its_own_kind() {
        assert!(term_on(Kind::Order, "expired").unwrap().on.contains("Order"));
        assert!(!term_on(Kind::Certificate, "expired").unwrap().on.contains("Order"));
        assert_eq!(term_on(Kind::Secret, "expired"), None);
        assert!(term_on(Kind::Certificate, "DoesNotExist").is_some());
    }
}
