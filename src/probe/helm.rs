//! The settings of cert-manager's chart that decide which name servers it asks, filled in.

use std::net::{IpAddr, SocketAddr};

use super::verdict::Remedy;

/// Resolvers that everybody may ask: Cloudflare, Google, Quad9.
pub const PUBLIC_RESOLVERS: [IpAddr; 3] = [
    IpAddr::V4(std::net::Ipv4Addr::new(1, 1, 1, 1)),
    IpAddr::V4(std::net::Ipv4Addr::new(8, 8, 8, 8)),
    IpAddr::V4(std::net::Ipv4Addr::new(9, 9, 9, 9)),
];

/// How cert-manager was installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// The name of the release, which the controller's Deployment bears too.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
}

impl Default for Release {
    fn default() -> Self {
        Self { name: "cert-manager".to_owned(), namespace: "cert-manager".to_owned() }
    }
}

impl Release {
    fn upgrade(&self, values: &str) -> String {
        format!(
            "helm upgrade {} oci://quay.io/jetstack/charts/cert-manager -n {} --reuse-values {values}",
            self.name, self.namespace
        )
    }

    /// Ask these resolvers for the self check, and nobody else.
    pub fn ask_only(&self, resolvers: &[SocketAddr]) -> Remedy {
        let list: Vec<String> = resolvers.iter().map(ToString::to_string).collect();
        Remedy::command(
            format!("Let cert-manager ask {} for its self check, and nobody else", list.join(" and ")),
            self.upgrade(&format!(
                "--set dns01RecursiveNameservers=\"{}\" --set dns01RecursiveNameserversOnly=true",
                list.join("\\,")
            )),
        )
    }

    /// Give the Pod resolvers of its own.
    pub fn resolvers_of_its_own(&self, resolvers: &[SocketAddr]) -> Option<Remedy> {
        // A Pod's resolv.conf has no ports.
        let plain: Vec<IpAddr> = resolvers.iter().filter(|a| a.port() == 53).map(SocketAddr::ip).take(3).collect();
        let values: Vec<String> = plain
            .iter()
            .enumerate()
            .map(|(i, address)| format!("--set podDnsConfig.nameservers[{i}]={address}"))
            .collect();
        (!plain.is_empty()).then(|| {
            Remedy::command(
                "Or give its Pod resolvers of its own (it then does not find Services by their names)",
                self.upgrade(&format!("--set podDnsPolicy=None {}", values.join(" "))),
            )
        })
    }
}

/// Let the cluster's resolver ask the authority for a zone: a block of the Corefile.
pub fn forward_zone(zone: &str, authorities: &[SocketAddr]) -> Remedy {
    let list: Vec<String> = authorities.iter().map(ToString::to_string).collect();
    Remedy::command(
        format!(
            "Or let CoreDNS ask the authority for {zone}: add `{zone}:53 {{ forward . {} }}` to the Corefile",
            list.join(" ")
        ),
        "kubectl edit configmap coredns -n kube-system",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_within_a_value_are_escaped() {
        let resolvers = ["1.1.1.1:53".parse().unwrap(), "8.8.8.8:53".parse().unwrap()];
        let command = Release::default().ask_only(&resolvers).command.unwrap();
        assert!(command.contains(r#"dns01RecursiveNameservers="1.1.1.1:53\,8.8.8.8:53""#), "{command}");
        let command = Release::default().resolvers_of_its_own(&resolvers).unwrap().command.unwrap();
        assert!(command.ends_with("--set podDnsPolicy=None --set podDnsConfig.nameservers[0]=1.1.1.1 --set podDnsConfig.nameservers[1]=8.8.8.8"));
        assert_eq!(Release::default().resolvers_of_its_own(&["127.0.0.1:5300".parse().unwrap()]), None);
    }
}
