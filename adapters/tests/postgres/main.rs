//! The PostgreSQL store: the common suites, the host's tables, who sees what, and what a server does to
//! its clients. Each test has a database of its own in a private server.
#![allow(clippy::unwrap_used)]

mod conforms;
mod fixture;
mod host_tables;
mod jobs;
mod outages;
mod row_security;
mod schema;
