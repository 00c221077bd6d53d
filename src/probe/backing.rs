//! [`Link`]: what of the cluster stands behind an address that answers an HTTP-01 challenge, link by link.
//!
//! **Invariant:** what may not be read is open, never missing.

use super::mark::Mark;
use super::verdict::Remedy;
pub use crate::model::surroundings::Class;

/// What was read; or why it could not be.
pub type Seen<T> = Result<T, String>;

/// By what a solver is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// An Ingress of its own.
    Ingress,
    /// An Ingress of somebody else, into which its path is written.
    Edited(String),
    /// A route of the Gateway API.
    Route,
}

/// An Ingress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ingress {
    /// Its name.
    pub name: String,
    /// Its class, if it names one.
    pub class: Option<String>,
    /// Whether the class is named by the old annotation: no object has to bear that name.
    pub annotated: bool,
    /// Its first address.
    pub address: Option<String>,
}

/// A route of the Gateway API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Its name.
    pub name: String,
    /// The Gateways to which it wants to be attached.
    pub wants: Vec<String>,
    /// What Gateways say of it.
    pub parents: Vec<Parent>,
}

/// What a Gateway says of a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parent {
    /// The Gateway.
    pub name: String,
    /// What it objects to, in its own words; `None` when it accepts the route.
    pub objection: Option<String>,
}

/// A Service, and the Pods that stand behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// Endpoints that are ready, and those that are not.
    pub endpoints: Seen<(usize, usize)>,
}

/// A Pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pod {
    /// Its name.
    pub name: String,
    /// In a word: `Running`, `ImagePullBackOff`.
    pub word: String,
    /// Whether it runs, with all that is in it ready.
    pub ready: bool,
}

/// What was read of the objects of one Challenge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Their namespace.
    pub namespace: String,
    /// By what the solver is reached.
    pub entry: Entry,
    /// Its Ingresses.
    pub ingresses: Seen<Vec<Ingress>>,
    /// The classes that there are.
    pub classes: Seen<Vec<Class>>,
    /// Its routes.
    pub routes: Seen<Vec<Route>>,
    /// Its Services.
    pub services: Seen<Vec<Service>>,
    /// Its Pods.
    pub pods: Seen<Vec<Pod>>,
}

impl Facts {
    /// The address of the Ingress, where it is one and no name.
    pub fn entrance(&self) -> Option<std::net::IpAddr> {
        self.ingresses.as_ref().ok()?.first()?.address.as_deref()?.parse().ok()
    }
}

/// One link of the way from the address to the Pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Which: `Ingress cm-acme-http-solver-x`, `IngressClass nginx`.
    pub what: String,
    /// How it stands; open where it may not be read.
    pub mark: Mark,
    /// In words.
    pub words: String,
    /// The family of the finding, where something is missing.
    pub family: Option<&'static str>,
    /// What mends it.
    pub remedy: Option<Remedy>,
}

impl Link {
    fn new(what: impl Into<String>, mark: Mark, words: impl Into<String>) -> Self {
        Self { what: what.into(), mark, words: words.into(), family: None, remedy: None }
    }

    fn bad(what: impl Into<String>, family: &'static str, words: impl Into<String>, remedy: Remedy) -> Self {
        Self { family: Some(family), remedy: Some(remedy), ..Self::new(what, Mark::Bad, words) }
    }
}

const NOT_SERVED: &str = "http01-ingress-not-served";
const NOT_RUNNING: &str = "http01-solver-pod-not-running";

/// Reads facts link by link, from the outside to the Pod.
pub fn links(facts: &Facts) -> Vec<Link> {
    let mut links = match &facts.entry {
        Entry::Route => of_routes(facts),
        Entry::Ingress | Entry::Edited(_) => of_ingresses(facts),
    };
    links.extend(of_services(facts));
    links.extend(of_pods(facts));
    links
}

fn of_ingresses(facts: &Facts) -> Vec<Link> {
    let namespace = &facts.namespace;
    let list = || Remedy::command("See which Ingresses there are", format!("kubectl get ingress -n {namespace}"));
    let found = match &facts.ingresses {
        Err(why) => return vec![Link::new("Ingress", Mark::Open, why.clone())],
        Ok(found) => found,
    };
    let Some(ingress) = found.first() else {
        let what = match &facts.entry {
            Entry::Edited(name) => format!("Ingress {name}"),
            _ => "Ingress".to_owned(),
        };
        return vec![Link::bad(what, NOT_SERVED, "it is not there", list())];
    };
    let address = match &ingress.address {
        Some(address) => Link::new(format!("Ingress {}", ingress.name), Mark::Good, format!("address {address}")),
        None => Link::bad(
            format!("Ingress {}", ingress.name),
            NOT_SERVED,
            "it has no address: no controller serves it, or its load balancer has none",
            Remedy::command(
                "Compare with an Ingress that works: its class, and whether it has an address",
                format!("kubectl get ingress -A; kubectl describe ingress -n {namespace} {}", ingress.name),
            ),
        ),
    };
    vec![of_class(facts, ingress), address]
}

fn of_class(facts: &Facts, ingress: &Ingress) -> Link {
    let named = ingress.class.as_deref();
    let what = named.map_or_else(|| "IngressClass".to_owned(), |class| format!("IngressClass {class}"));
    if ingress.annotated {
        return Link::new(what, Mark::Good, "named by annotation: the controller knows it by its own settings");
    }
    let classes = match &facts.classes {
        Err(why) => return Link::new(what, Mark::Open, why.clone()),
        Ok(classes) => classes,
    };
    let known = || match classes.iter().map(|class| class.name.as_str()).collect::<Vec<_>>().join(", ") {
        names if names.is_empty() => "there is none at all".to_owned(),
        names => format!("there are {names}"),
    };
    let mend = |text: &str| Remedy::command(text, "kubectl get ingressclass");
    let found = classes.iter().find(|class| named.map_or(class.default, |named| class.name == named));
    match (found, named) {
        (Some(class), _) if class.controller.is_empty() => {
            Link::bad(what, NOT_SERVED, "it names no controller", mend("Name the controller in spec.controller"))
        }
        (Some(class), None) => {
            Link::new(what, Mark::Good, format!("none is named: {} is the default, {}", class.name, class.controller))
        }
        (Some(class), Some(_)) => Link::new(what, Mark::Good, format!("controller {}", class.controller)),
        (None, Some(_)) => Link::bad(
            what,
            NOT_SERVED,
            format!("it is not there ({})", known()),
            mend("Name a class that is there in the solver of the Issuer: http01.ingress.ingressClassName"),
        ),
        (None, None) => Link::bad(
            what,
            NOT_SERVED,
            format!("none is named, and none is the default ({})", known()),
            mend("Name a class in the solver of the Issuer: http01.ingress.ingressClassName"),
        ),
    }
}

fn of_routes(facts: &Facts) -> Vec<Link> {
    let namespace = &facts.namespace;
    let routes = match &facts.routes {
        Err(why) => return vec![Link::new("HTTPRoute", Mark::Open, why.clone())],
        Ok(routes) => routes,
    };
    let Some(route) = routes.first() else {
        return vec![Link::bad(
            "HTTPRoute",
            NOT_SERVED,
            "it is not there",
            Remedy::command("See which routes there are", format!("kubectl get httproute -n {namespace}")),
        )];
    };
    let what = format!("HTTPRoute {}", route.name);
    let read = |text: &str| {
        Remedy::command(text, format!("kubectl get httproute -n {namespace} {} -o jsonpath='{{.status}}'", route.name))
    };
    if route.parents.is_empty() {
        let wants = if route.wants.is_empty() { "any Gateway".to_owned() } else { route.wants.join(", ") };
        let words = format!("nobody has accepted or refused it: {wants} is not there, or its controller does not run");
        return vec![Link::bad(what, NOT_SERVED, words, read("Does the Gateway that the solver names exist?"))];
    }
    let accepts = route.parents.iter().any(|parent| parent.objection.is_none());
    let told = route.parents.iter().map(|parent| match &parent.objection {
        None => Link::new(what.clone(), Mark::Good, format!("accepted by Gateway {}", parent.name)),
        Some(why) if accepts => {
            Link::new(what.clone(), Mark::Odd, format!("Gateway {} does not accept it: {why}", parent.name))
        }
        Some(why) => Link::bad(
            what.clone(),
            NOT_SERVED,
            format!("Gateway {} does not accept it: {why}", parent.name),
            read("Let a listener on port 80 take routes of this namespace (allowedRoutes), for this name"),
        ),
    });
    told.collect()
}

fn of_services(facts: &Facts) -> Vec<Link> {
    let namespace = &facts.namespace;
    let services = match &facts.services {
        Err(why) => return vec![Link::new("Service", Mark::Open, why.clone())],
        Ok(services) => services,
    };
    let Some(service) = services.first() else {
        let remedy = Remedy::command("See why it is not made", format!("kubectl get events -n {namespace}"));
        return vec![Link::bad("Service", NOT_SERVED, "it is not there", remedy)];
    };
    let what = format!("Service {}", service.name);
    vec![match &service.endpoints {
        Err(why) => Link::new(what, Mark::Open, why.clone()),
        Ok((0, unready)) => Link::bad(
            what,
            NOT_RUNNING,
            match unready {
                0 => "it has no endpoint: no Pod has its labels".to_owned(),
                _ => format!("none of its {unready} endpoints is ready"),
            },
            Remedy::command(
                "Does the Pod run, with the labels that the Service selects?",
                format!("kubectl get endpointslices -n {namespace} -l kubernetes.io/service-name={}", service.name),
            ),
        ),
        Ok((ready, _)) => Link::new(what, Mark::Good, crate::text::count(*ready, "endpoint")),
    }]
}

fn of_pods(facts: &Facts) -> Vec<Link> {
    let namespace = &facts.namespace;
    let pods = match &facts.pods {
        Err(why) => return vec![Link::new("Pod", Mark::Open, why.clone())],
        Ok(pods) => pods,
    };
    let Some(pod) = pods.iter().find(|pod| pod.ready).or(pods.first()) else {
        let remedy = Remedy::command("See why it is not made", format!("kubectl get events -n {namespace}"));
        return vec![Link::bad("Pod", NOT_RUNNING, "the solver's Pod is not there", remedy)];
    };
    let what = format!("Pod {}", pod.name);
    vec![if pod.ready {
        Link::new(what, Mark::Good, "it runs and is ready")
    } else {
        let remedy = Remedy::command("See why", format!("kubectl describe pod -n {namespace} {}", pod.name));
        Link::bad(what, NOT_RUNNING, format!("it does not run: {}", pod.word), remedy)
    }]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        let class = Class { name: "nginx".to_owned(), controller: "k8s.io/ingress-nginx".to_owned(), default: false };
        Facts {
            namespace: "shop".to_owned(),
            entry: Entry::Ingress,
            ingresses: Ok(vec![Ingress {
                name: "solver".to_owned(),
                class: Some("nginx".to_owned()),
                annotated: false,
                address: Some("203.0.113.10".to_owned()),
            }]),
            classes: Ok(vec![class]),
            routes: Ok(Vec::new()),
            services: Ok(vec![Service { name: "solver".to_owned(), endpoints: Ok((1, 0)) }]),
            pods: Ok(vec![Pod { name: "solver".to_owned(), word: "Running".to_owned(), ready: true }]),
        }
    }

    fn told(facts: &Facts) -> Vec<(Mark, Option<&'static str>)> {
        links(facts).iter().map(|link| (link.mark, link.family)).collect()
    }

    #[test]
    fn a_whole_chain_is_good() {
        assert_eq!(told(&facts()), vec![(Mark::Good, None); 4]);
    }

    #[test]
    fn each_missing_link_is_named() {
        let ingress = |change: fn(&mut Ingress)| {
            let mut facts = facts();
            facts.ingresses.as_mut().unwrap().iter_mut().for_each(change);
            facts
        };
        let table = [
            (ingress(|ingress| ingress.class = Some("traefik".to_owned())), 0, "there are nginx"),
            (ingress(|ingress| ingress.class = None), 0, "none is the default"),
            (ingress(|ingress| ingress.address = None), 1, "no address"),
            (Facts { ingresses: Ok(Vec::new()), ..facts() }, 0, "not there"),
            (Facts { services: Ok(vec![Service { name: "s".to_owned(), endpoints: Ok((0, 2)) }]), ..facts() }, 2, "2"),
            (Facts { pods: Ok(Vec::new()), ..facts() }, 3, "not there"),
        ];
        for (facts, place, words) in table {
            let links = links(&facts);
            let link = &links[place];
            assert!(link.mark == Mark::Bad && link.words.contains(words) && link.remedy.is_some(), "{links:?}");
        }
    }

    #[test]
    fn what_may_not_be_read_is_open() {
        let why = || "the right that is missing: list pods in namespace shop".to_owned();
        let blind =
            Facts { ingresses: Err(why()), classes: Err(why()), services: Err(why()), pods: Err(why()), ..facts() };
        assert!(links(&blind).iter().all(|link| link.mark == Mark::Open && link.words == why()));
        assert_eq!(told(&Facts { classes: Err(why()), ..facts() })[0], (Mark::Open, None));
    }

    #[test]
    fn a_route_is_worth_what_its_gateways_say() {
        let parent =
            |objection: Option<&str>| Parent { name: "web".to_owned(), objection: objection.map(str::to_owned) };
        let with = |parents: Vec<Parent>| {
            let route = Route { name: "solver".to_owned(), wants: vec!["web".to_owned()], parents };
            Facts { entry: Entry::Route, routes: Ok(vec![route]), ..facts() }
        };
        assert_eq!(told(&with(vec![parent(None)]))[0], (Mark::Good, None));
        let refused = with(vec![parent(Some("NotAllowedByListeners: no"))]);
        assert_eq!(told(&refused)[0], (Mark::Bad, Some(NOT_SERVED)));
        assert_eq!(told(&with(vec![parent(None), parent(Some("no"))]))[1], (Mark::Odd, None));
        assert!(links(&with(Vec::new()))[0].words.contains("web is not there"));
    }
}
