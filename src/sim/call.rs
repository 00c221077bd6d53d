//! One request to the API server: who asks, for what, and who answers it.

use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap};
use http::request::Parts;
use http::{Method, Response};
use hyper::upgrade::OnUpgrade;

use super::access::{self, Attempt, User};
use super::answer::{self, ApiBody};
use super::cluster::{Cluster, Recorded};
use super::discovery;
use super::fault::Effect;
use super::forward;
use super::logs::Reading;
use super::mutating::Mutation;
use super::openapi;
use super::protobuf;
use super::reading;
use super::refusal::Refusal;
use super::route::{Query, Route, Target};
use super::stream;
use super::view::View;
use super::watching::Watching;

/// Answers one request.
pub(super) async fn serve(cluster: &Cluster, mut head: Parts, body: Bytes) -> Response<ApiBody> {
    let upgrade = head.extensions.remove::<OnUpgrade>();
    let query = head.uri.query().unwrap_or_default();
    cluster.record(Recorded {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: query.to_owned(),
        body: body.clone(),
    });
    let query = Query::parse(query);
    let call = Call { cluster, verb: verb(&head.method, &head, &query), head: &head, query, body };
    let route = Route::parse(head.uri.path());
    let target = if let Some(Route::Objects(target)) = &route { Some(target) } else { None };
    let (plural, namespace) = target.map_or(("", ""), |target| (target.resource.plural, target.namespace.as_str()));
    let effects = cluster.faults().hit(call.verb, plural, namespace);

    let answered = match before(cluster, &effects).await {
        Err(refusal) => Err(refusal),
        Ok(()) => call.answer(route.as_ref(), &effects, upgrade),
    };
    let gzip =
        head.headers.get(ACCEPT_ENCODING).is_some_and(|value| value.as_bytes().windows(4).any(|it| it == b"gzip"));
    let mut response = answer::finish(answered, gzip, &effects);
    let offset =
        effects.iter().find_map(|effect| if let Effect::ClockOffset(seconds) = effect { Some(*seconds) } else { None });
    answer::date(&mut response, cluster.clock().now(), offset.unwrap_or(0));
    response
}

/// What goes wrong before anything is answered.
async fn before(cluster: &Cluster, effects: &[Effect]) -> Result<(), Refusal> {
    for effect in effects {
        match effect {
            Effect::Delay(time) => tokio::time::sleep(*time).await,
            Effect::Compact => cluster.compact(),
            Effect::Refuse { code, reason, retry_after } => {
                let mut refusal = Refusal::new(*code, reason, format!("the server says {code} because it was told to"));
                refusal.retry_after = *retry_after;
                return Err(refusal);
            }
            _ => {}
        }
    }
    Ok(())
}

fn verb(method: &Method, head: &Parts, query: &Query) -> &'static str {
    let collection = || matches!(Route::parse(head.uri.path()), Some(Route::Objects(target)) if target.name.is_empty());
    match *method {
        Method::GET if query.flag("watch") => "watch",
        Method::GET if collection() => "list",
        Method::POST => "create",
        Method::PUT => "update",
        Method::PATCH => "patch",
        Method::DELETE if collection() => "deletecollection",
        Method::DELETE => "delete",
        _ => "get",
    }
}

/// One request, read.
struct Call<'a> {
    cluster: &'a Cluster,
    verb: &'static str,
    head: &'a Parts,
    query: Query,
    body: Bytes,
}

impl Call<'_> {
    fn answer(&self, route: Option<&Route>, effects: &[Effect], upgrade: Option<OnUpgrade>) -> answer::Answered {
        match route {
            None => Ok(answer::page_not_found()),
            Some(Route::Document(path)) => self.document(path),
            Some(Route::Review(plural)) => self.review(plural),
            Some(Route::Objects(target)) => {
                let attempt = self.attempt(target);
                self.cluster.read(|store| access::check(store, &self.user(), &attempt))?;
                if target.subresource == "portforward" {
                    return forward::open(self.cluster, self.head, target, &self.query, upgrade);
                }
                self.objects(target, effects)
            }
        }
    }

    fn objects(&self, target: &Target, effects: &[Effect]) -> answer::Answered {
        let user = self.user();
        let mutation = Mutation {
            user: &user,
            cluster: self.cluster,
            target,
            query: &self.query,
            content_type: text(&self.head.headers, CONTENT_TYPE.as_str()),
            body: &self.body,
        };
        let now = self.cluster.clock().now();
        let done = match (self.verb, target.subresource.as_str()) {
            ("get", "log") => return self.log(target),
            ("create", "") => mutation.create(),
            ("update", _) => mutation.update(),
            ("patch", _) => mutation.patch(),
            ("delete", "") => mutation.delete(),
            ("deletecollection", "") => mutation.delete_collection(),
            ("watch", "") => {
                let watching = Watching::open(self.cluster, target, &self.query, self.view()?, effects)?;
                return Ok(stream::watch(watching, effects));
            }
            ("list", "") => {
                let view = self.view()?;
                let bytes = self.cluster.read(|store| reading::list(store, target, &self.query, view, now))?;
                return Ok(answer::json_bytes(200, bytes));
            }
            ("get", _) => {
                let view = self.view()?;
                let bytes = self.cluster.read(|store| reading::get(store, target, view, now))?;
                return Ok(answer::json_bytes(200, bytes));
            }
            _ => Err(Refusal::new(
                405,
                "MethodNotAllowed",
                "the server does not allow this method on the requested resource",
            )),
        };
        done.map(|(code, value)| answer::document(code, &value))
    }

    fn log(&self, target: &Target) -> answer::Answered {
        let found = self.cluster.read(|store| store.get(target.resource, &target.key()).is_some());
        if !found {
            return Err(Refusal::not_found(target.resource, &target.name));
        }
        let reading = Reading::parse(&self.query, self.cluster.clock().now())?;
        Ok(stream::log(self.cluster.clone(), target.key(), reading))
    }

    fn document(&self, path: &str) -> answer::Answered {
        if matches!(path, "/healthz" | "/livez" | "/readyz") {
            return Ok(answer::plain(200, "ok"));
        }
        self.view()?;
        Ok(discovery::document(path)
            .or_else(|| openapi::document(path))
            .map_or_else(answer::page_not_found, |value| answer::document(200, &value)))
    }

    fn review(&self, plural: &str) -> answer::Answered {
        let asked = match protobuf::review(&self.body) {
            Some(asked) => asked,
            None => serde_json::from_slice(&self.body).map_err(|error| Refusal::bad_request(error.to_string()))?,
        };
        let answer = self.cluster.read(|store| access::review(store, &self.user(), plural, &asked));
        Ok(answer.map_or_else(answer::page_not_found, |value| answer::document(201, &value)))
    }

    fn view(&self) -> Result<View, Refusal> {
        View::accepted(text(&self.head.headers, ACCEPT.as_str()))
    }

    fn user(&self) -> User {
        let groups = self.head.headers.get_all("impersonate-group").iter().filter_map(|value| value.to_str().ok());
        let name = text(&self.head.headers, "impersonate-user").to_owned();
        User { name, groups: groups.map(ToOwned::to_owned).collect() }
    }

    fn attempt(&self, target: &Target) -> Attempt {
        let plural = target.resource.plural;
        Attempt {
            verb: self.verb.to_owned(),
            group: target.resource.group.to_owned(),
            resource: if target.subresource.is_empty() {
                plural.to_owned()
            } else {
                format!("{plural}/{}", target.subresource)
            },
            namespace: target.namespace.clone(),
            name: target.name.clone(),
        }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
