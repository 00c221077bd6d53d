//! Workloads: the Pods, Services, Ingresses and routes of solvers, and cert-manager's own Deployments and Pods.

use super::common::Meta;
use super::shape::shape;

shape! {
    /// A Pod.
    Pod: whole {
        /// Metadata.
        metadata: Meta = "metadata",
        /// What runs.
        spec: PodSpec = "spec",
        /// How.
        status: PodStatus = "status",
    }

    /// `spec` of a Pod, or of a Deployment's template.
    PodSpec {
        /// Containers.
        containers: Vec<Container> = "containers",
        /// `ClusterFirst`, `None` …
        dns_policy: Box<str> = "dnsPolicy",
        /// Resolvers of its own.
        dns_config: DnsConfig = "dnsConfig",
    }

    /// A container.
    Container {
        /// Its name.
        name: Box<str> = "name",
        /// Its image.
        image: Box<str> = "image",
        /// Its arguments.
        args: Vec<Box<str>> = "args",
        /// Its environment.
        env: Vec<Env> = "env",
    }

    /// One variable.
    Env {
        /// Its name.
        name: Box<str> = "name",
        /// Its value, when it is written here.
        value: Box<str> = "value",
    }

    /// `dnsConfig`.
    DnsConfig {
        /// Resolvers.
        nameservers: Vec<Box<str>> = "nameservers",
    }

    /// `status` of a Pod.
    PodStatus {
        /// `Pending`, `Running` …
        phase: Box<str> = "phase",
        /// Why it is where it is.
        reason: Box<str> = "reason",
        /// Its containers.
        containers: Vec<ContainerStatus> = "containerStatuses",
    }

    /// How a container does.
    ContainerStatus {
        /// Whether it is ready.
        ready: bool = "ready",
        /// What it does.
        state: ContainerState = "state",
    }

    /// What a container does.
    ContainerState {
        /// It waits.
        waiting: Reason = "waiting",
        /// It ended.
        terminated: Reason = "terminated",
    }

    /// Why.
    Reason {
        /// One word.
        reason: Box<str> = "reason",
    }

    /// A Deployment.
    Deployment: whole {
        /// Metadata.
        metadata: Meta = "metadata",
        /// What is wanted.
        spec: DeploymentSpec = "spec",
        /// What is.
        status: DeploymentStatus = "status",
    }

    /// `spec` of a Deployment.
    DeploymentSpec {
        /// How many.
        replicas: i64 = "replicas",
        /// Of what.
        template: Template = "template",
    }

    /// The template of a Deployment.
    Template {
        /// What runs.
        spec: PodSpec = "spec",
    }

    /// `status` of a Deployment.
    DeploymentStatus {
        /// How many are ready.
        ready: i64 = "readyReplicas",
    }

    /// A Service: that it exists.
    Service: whole {
        /// Metadata.
        metadata: Meta = "metadata",
    }

    /// An Ingress.
    Ingress: whole {
        /// Metadata.
        metadata: Meta = "metadata",
        /// What is wanted.
        spec: IngressSpec = "spec",
        /// What is.
        status: IngressStatus = "status",
    }

    /// `spec` of an Ingress.
    IngressSpec {
        /// Who is to serve it.
        class: Box<str> = "ingressClassName",
    }

    /// `status` of an Ingress.
    IngressStatus {
        /// Where it is served.
        load_balancer: LoadBalancer = "loadBalancer",
    }

    /// `status.loadBalancer`.
    LoadBalancer {
        /// Addresses.
        ingress: Vec<Address> = "ingress",
    }

    /// An address of an Ingress.
    Address {
        /// As a number.
        ip: Box<str> = "ip",
        /// As a name.
        hostname: Box<str> = "hostname",
    }

    /// A Gateway API HTTPRoute.
    HttpRoute: whole {
        /// Metadata.
        metadata: Meta = "metadata",
        /// What is wanted.
        spec: RouteSpec = "spec",
        /// What is.
        status: RouteStatus = "status",
    }

    /// `spec` of an HTTPRoute.
    RouteSpec {
        /// Its Gateways.
        parents: Vec<Parent> = "parentRefs",
    }

    /// A Gateway that is asked.
    Parent {
        /// Its name.
        name: Box<str> = "name",
    }

    /// `status` of an HTTPRoute.
    RouteStatus {
        /// What the Gateways say.
        parents: Vec<ParentStatus> = "parents",
    }

    /// What a Gateway says.
    ParentStatus {
        /// Conditions.
        conditions: Vec<super::common::Condition> = "conditions",
    }
}
