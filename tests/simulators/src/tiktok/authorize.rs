//! The consent page (TikTok, Login Kit for Web and for Desktop).

use std::fmt::Write as _;

use calendar_publish::model::Timestamp;
use url::{Host, Url};

use super::app::Consent;
use super::fault::empty;
use super::state::State;
use super::token::{Code, Grant, Settled};
use crate::{Answer, Request};

impl State {
    /// Answers with a redirect for whoever sits before the page, or with the page.
    pub(super) fn authorize(&mut self, request: &Request, now: Timestamp) -> Settled {
        let settled = |answer, code: &str, account: Option<&str>| Settled {
            answer,
            code: code.to_owned(),
            account: account.map(str::to_owned),
        };
        let asked = match self.asked(request) {
            Ok(asked) => asked,
            Err((answer, error)) => return settled(answer, error, None),
        };
        let picked = request.query("sim_creator").map(|open_id| {
            let consent = match request.query("sim_consent") {
                Some("deny") => Consent::Deny,
                _ => Consent::All,
            };
            (open_id.to_owned(), consent)
        });
        let Some((open_id, consent)) = picked.or_else(|| self.consent.clone()) else {
            return settled(self.page(request), "ok", None);
        };
        if !self.creators.contains_key(&open_id) {
            let page = problem("Nobody of that name has an account.");
            return settled(page, "access_denied", None);
        }
        let scopes: Vec<String> = match consent {
            Consent::Deny => {
                let pairs = [
                    ("error", "access_denied"),
                    ("error_description", "User denied access"),
                    ("state", &asked.state),
                ];
                let answer = redirect(&asked.redirect_uri, &pairs);
                return settled(answer, "access_denied", Some(&open_id));
            }
            Consent::All => asked.scopes,
            Consent::Scopes(allowed) => {
                let is_allowed = |scope: &String| allowed.contains(scope);
                asked.scopes.into_iter().filter(is_allowed).collect()
            }
        };
        let code = self.next_code();
        let granted = scopes.join(",");
        let pairs = [
            ("code", code.as_str()),
            ("scopes", &granted),
            ("state", &asked.state),
        ];
        let answer = redirect(&asked.redirect_uri, &pairs);
        let grant = Grant {
            open_id: open_id.clone(),
            scopes,
            expires: now.plus(self.knobs.code_lifetime),
        };
        let waiting = Code {
            grant,
            redirect_uri: asked.redirect_uri,
            challenge: asked.challenge,
        };
        self.grants.codes.insert(code, waiting);
        settled(answer, "ok", Some(&open_id))
    }

    /// What a request for consent asks for, or what is said instead.
    fn asked(&self, request: &Request) -> Result<Asked, (Answer, &'static str)> {
        let stay = |what: &str| (problem(what), "invalid_request");
        if request.query("client_key") != Some(&self.app.client_key) {
            return Err(stay("client_key"));
        }
        let redirect_uri = request
            .query("redirect_uri")
            .filter(|uri| self.is_registered(uri))
            .ok_or_else(|| stay("redirect_uri"))?;
        let state = request
            .query("state")
            .filter(|state| !state.is_empty())
            .ok_or_else(|| stay("state"))?;
        let refuse = |error: &'static str| {
            let pairs = [
                ("error", error),
                ("error_description", "The request is invalid."),
                ("state", state),
            ];
            (redirect(redirect_uri, &pairs), error)
        };
        if request.query("response_type") != Some("code") {
            return Err(refuse("unsupported_response_type"));
        }
        let scopes: Vec<String> = request
            .query("scope")
            .unwrap_or_default()
            .split(',')
            .map(str::to_owned)
            .collect();
        if !scopes
            .iter()
            .all(|scope| self.app.scopes_approved.contains(scope))
        {
            return Err(refuse("invalid_scope"));
        }
        // Only the loopback redirects of desktop apps must prove themselves; whoever sends a challenge is held to it.
        let challenge = request.query("code_challenge").map(str::to_owned);
        let is_desktop = redirect_uri.starts_with("http://") || is_loopback(redirect_uri);
        let method = request.query("code_challenge_method");
        if (is_desktop && challenge.is_none()) || (challenge.is_some() && method != Some("S256")) {
            return Err(refuse("invalid_request"));
        }
        Ok(Asked {
            redirect_uri: redirect_uri.to_owned(),
            state: state.to_owned(),
            scopes,
            challenge,
        })
    }

    /// Whether a redirect address is one of the app's and of a form that the platform takes.
    fn is_registered(&self, uri: &str) -> bool {
        let Ok(url) = Url::parse(uri) else {
            return false;
        };
        let is_allowed = match url.scheme() {
            "https" => !is_loopback(uri) || url.port().is_some(),
            "http" => is_loopback(uri) && url.port().is_some(),
            _ => false,
        };
        let is_static = url.query().is_none() && url.fragment().is_none() && uri.len() < 512;
        is_allowed
            && is_static
            && self.app.redirect_uris.iter().any(|registered| {
                if let Some((before, after)) = registered.split_once(":*/") {
                    let rest = uri.strip_prefix(before).and_then(|r| r.strip_prefix(':'));
                    let port_and_path = rest.and_then(|rest| rest.split_once('/'));
                    port_and_path
                        .is_some_and(|(port, path)| path == after && port.parse::<u16>().is_ok())
                } else {
                    registered == uri
                }
            })
    }

    /// A page for people, with a way to say yes and to say no for each account.
    fn page(&self, request: &Request) -> Answer {
        let query = |open_id: &str, consent: &str| {
            form_urlencoded::Serializer::new(String::new())
                .extend_pairs(&request.query)
                .append_pair("sim_creator", open_id)
                .append_pair("sim_consent", consent)
                .finish()
                .replace('&', "&amp;")
        };
        let mut page =
            "<!DOCTYPE html><html lang=\"en\"><title>Allow access?</title><h1>Allow access?</h1>"
                .to_owned();
        for creator in self.creators.values() {
            // Writing to a string doesn't fail.
            let _ = write!(
                page,
                "<p>@{} <a href=\"?{}\">Allow</a> <a href=\"?{}\">Deny</a></p>",
                escaped(&creator.username),
                query(&creator.open_id, "all"),
                query(&creator.open_id, "deny"),
            );
        }
        Answer::body(200, "text/html; charset=utf-8", page.into_bytes())
    }
}

struct Asked {
    redirect_uri: String,
    state: String,
    scopes: Vec<String>,
    challenge: Option<String>,
}

/// The platform's own page says that the app is set up wrongly; it leads nowhere.
fn problem(what: &str) -> Answer {
    let page = format!("<!DOCTYPE html><title>Something went wrong</title><p>{what}</p>");
    Answer::body(400, "text/html; charset=utf-8", page.into_bytes())
}

fn redirect(uri: &str, pairs: &[(&str, &str)]) -> Answer {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    // The form's encoding leaves `*` as it is; TikTok doesn't.
    let query = query.replace('*', "%2A");
    empty(302).with_header("location", format!("{uri}?{query}"))
}

fn is_loopback(uri: &str) -> bool {
    Url::parse(uri).is_ok_and(|url| match url.host() {
        Some(Host::Domain(host)) => host == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        _ => false,
    })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
