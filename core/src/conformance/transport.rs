//! Cases of [`HttpTransport`].

use std::fmt::Debug;
use std::time::Duration;

use super::{Broken, ConformanceError, Verdict, equal};
use crate::ports::{Header, HttpRequest, HttpResponse, HttpTransport, Method, TransportError};

/// Where [`transport_suite`] sends its requests. The server is the caller's, and fresh: it counts.
///
/// | path below `base` | what the server does, whatever the method |
/// |---|---|
/// | `/echo` | answers 200 with the request's body, and the header lines `x-method`, `x-query` (without `?`), `x-probe` and `x-cookie` (the request's lines `x-probe` and `cookie`, or empty), `X-Twice: 1`, `X-Twice: 2`, `set-cookie: kept=1` |
/// | `/status/CODE` | answers with that status and the body `status CODE`; 204 without |
/// | `/redirect/CODE` | answers with that status and `location: BASE/take/redirected` |
/// | `/take/KEY` | counts for KEY, answers 200 |
/// | `/drop/KEY` | counts for KEY, closes the connection without an answer |
/// | `/cut/KEY` | counts for KEY, announces 1000 bytes, sends 10, closes the connection |
/// | `/hang/KEY` | counts for KEY, never answers |
/// | `/taken/KEY` | answers 200 with the number of requests that were counted for KEY |
///
/// Requests are counted once they have arrived whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransportTarget {
    /// The server's address, without a slash at its end.
    pub base: String,
    /// An address at which nobody listens.
    pub closed: String,
}

/// Runs every case of [`HttpTransport`] and gives their number. It takes some seconds, since deadlines
/// are waited for.
///
/// # Errors
/// The first case that isn't fulfilled.
pub async fn transport_suite(
    transport: &dyn HttpTransport,
    target: &TransportTarget,
) -> Result<usize, ConformanceError> {
    let mut cases = Cases {
        bench: Bench { transport, target },
        passed: 0,
    };
    cases.check("a request arrives as given", arrives).await?;
    cases.check("an empty body arrives empty", empty).await?;
    cases.check("a megabyte goes and comes", large).await?;
    cases.check("any status is an answer", statuses).await?;
    cases.check("header lines stay apart", lines).await?;
    cases.check("a redirect is an answer", redirects).await?;
    cases.check("nothing is kept", keeps_nothing).await?;
    cases.check("a lost answer is no answer", lost).await?;
    cases.check("the deadline is kept", deadline).await?;
    cases.check("a closed port is not sent to", closed).await?;
    cases.check("no URL, nothing sent", no_url).await?;
    cases.check("errors keep secrets", secrets).await?;
    Ok(cases.passed)
}

const METHODS: [Method; 4] = [Method::Get, Method::Post, Method::Put, Method::Delete];

/// Long enough for a slow machine; cases that wait for it are few.
const DEADLINE: Duration = Duration::from_secs(30);

struct Cases<'a> {
    bench: Bench<'a>,
    passed: usize,
}

impl Cases<'_> {
    async fn check(
        &mut self,
        case: &'static str,
        run: impl AsyncFn(&Bench<'_>) -> Verdict,
    ) -> Result<(), ConformanceError> {
        run(&self.bench)
            .await
            .map_err(|Broken(reason)| ConformanceError { case, reason })?;
        self.passed += 1;
        Ok(())
    }
}

struct Bench<'a> {
    transport: &'a dyn HttpTransport,
    target: &'a TransportTarget,
}

impl Bench<'_> {
    fn request(&self, method: Method, path: &str) -> HttpRequest {
        HttpRequest {
            method,
            url: format!("{}{path}", self.target.base),
            headers: Vec::new(),
            body: Vec::new(),
            deadline: DEADLINE,
        }
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Broken> {
        let shown = format!("{:?} {:?}", request.method, request.url);
        self.transport
            .send(request)
            .await
            .map_err(|error| Broken(format!("{shown}: {error}")))
    }

    /// How many requests arrived for `key`.
    async fn taken(&self, key: &str) -> Result<String, Broken> {
        let request = self.request(Method::Get, &format!("/taken/{key}"));
        Ok(String::from_utf8_lossy(&self.send(request).await?.body).into_owned())
    }
}

async fn arrives(bench: &Bench<'_>) -> Verdict {
    for method in METHODS {
        let mut request = bench.request(method, "/echo?a=1&b=%2F%20x&c=");
        request.headers.push(Header {
            name: "x-probe".to_owned(),
            value: "Bearer a.b-c".to_owned(),
        });
        if method != Method::Get {
            request.body = (0..=u8::MAX).collect();
        }
        let body = request.body.clone();
        let answer = bench.send(request).await?;
        equal("the status", &answer.status, &200)?;
        let name = match method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        };
        values(&answer, "x-method", &[name])?;
        values(&answer, "x-query", &["a=1&b=%2F%20x&c="])?;
        values(&answer, "x-probe", &["Bearer a.b-c"])?;
        equal("the body", &answer.body, &body)?;
    }
    Ok(())
}

async fn empty(bench: &Bench<'_>) -> Verdict {
    for method in METHODS {
        let answer = bench.send(bench.request(method, "/echo")).await?;
        equal("the status", &answer.status, &200)?;
        equal("the body", &answer.body, &Vec::new())?;
    }
    Ok(())
}

async fn large(bench: &Bench<'_>) -> Verdict {
    let mut request = bench.request(Method::Put, "/echo");
    request.body = (0..1 << 20_u32)
        .map(|place: u32| (place % 251) as u8)
        .collect();
    let body = request.body.clone();
    let answer = bench.send(request).await?;
    if answer.body == body {
        Ok(())
    } else {
        Err(Broken("the megabyte came back changed".to_owned()))
    }
}

async fn statuses(bench: &Bench<'_>) -> Verdict {
    for status in [200, 201, 204, 400, 401, 403, 404, 413, 429, 500, 502, 503] {
        let request = bench.request(Method::Post, &format!("/status/{status}"));
        let answer = bench.send(request).await?;
        equal("the status", &answer.status, &status)?;
        let body = match status {
            204 => String::new(),
            _ => format!("status {status}"),
        };
        equal("the body", &answer.body, &body.into_bytes())?;
    }
    Ok(())
}

async fn lines(bench: &Bench<'_>) -> Verdict {
    let answer = bench.send(bench.request(Method::Get, "/echo")).await?;
    values(&answer, "x-twice", &["1", "2"])
}

async fn redirects(bench: &Bench<'_>) -> Verdict {
    for method in METHODS {
        for status in [301, 302, 303, 307, 308] {
            let request = bench.request(method, &format!("/redirect/{status}"));
            let answer = bench.send(request).await?;
            equal("the status", &answer.status, &status)?;
            let location = format!("{}/take/redirected", bench.target.base);
            values(&answer, "location", &[&location])?;
        }
    }
    equal(
        "the visits to where it led",
        &bench.taken("redirected").await?,
        &"0".to_owned(),
    )
}

async fn keeps_nothing(bench: &Bench<'_>) -> Verdict {
    for _ in 0..2 {
        let answer = bench.send(bench.request(Method::Get, "/echo")).await?;
        values(&answer, "x-cookie", &[""])?;
    }
    Ok(())
}

/// Also that such a request isn't sent again, by any method.
async fn lost(bench: &Bench<'_>) -> Verdict {
    for (end, what) in [("drop", "no answer"), ("cut", "half an answer")] {
        for method in METHODS {
            // A connection that has served before must change nothing.
            bench.send(bench.request(Method::Get, "/echo")).await?;
            let key = format!("{end}-{method:?}");
            let request = bench.request(method, &format!("/{end}/{key}"));
            no_answer(what, bench.transport.send(request).await)?;
            equal(
                "the requests that arrived",
                &bench.taken(&key).await?,
                &"1".to_owned(),
            )?;
        }
    }
    Ok(())
}

async fn deadline(bench: &Bench<'_>) -> Verdict {
    let mut request = bench.request(Method::Post, "/hang/hanging");
    request.deadline = Duration::from_secs(2);
    no_answer("after the deadline", bench.transport.send(request).await)?;
    equal(
        "the requests that arrived",
        &bench.taken("hanging").await?,
        &"1".to_owned(),
    )
}

async fn closed(bench: &Bench<'_>) -> Verdict {
    let mut request = bench.request(Method::Post, "/");
    request.url = format!("{}/", bench.target.closed);
    match bench.transport.send(request).await {
        Err(TransportError::NotSent { .. }) => Ok(()),
        other => Err(Broken(format!("expected `NotSent`, got {other:?}"))),
    }
}

async fn no_url(bench: &Bench<'_>) -> Verdict {
    for url in [
        "",
        "/echo",
        "no url",
        "mailto:a@b.example",
        "file:///etc/hosts",
    ] {
        let mut request = bench.request(Method::Get, "");
        request.url = url.to_owned();
        let answer = bench.transport.send(request).await;
        let refused = matches!(
            answer,
            Err(TransportError::NotSent { .. } | TransportError::AddressForbidden { .. })
        );
        if !refused {
            return Err(Broken(format!("`{url}`: {answer:?}")));
        }
    }
    Ok(())
}

async fn secrets(bench: &Bench<'_>) -> Verdict {
    let TransportTarget { base, closed } = bench.target;
    for address in [format!("{base}/drop/secret"), format!("{closed}/")] {
        let mut request = bench.request(Method::Post, "");
        request.url = format!("{address}?access_token=SECRET");
        request.headers.push(Header {
            name: "authorization".to_owned(),
            value: "Bearer SECRET".to_owned(),
        });
        request.body = b"client_secret=SECRET".to_vec();
        let Err(error) = bench.transport.send(request).await else {
            return Err(Broken("expected an error".to_owned()));
        };
        let shown = format!("{error} {error:?}");
        if shown.contains("SECRET") {
            return Err(Broken(shown));
        }
    }
    Ok(())
}

fn values(answer: &HttpResponse, name: &str, expected: &[&str]) -> Verdict {
    let found: Vec<&str> = answer
        .headers
        .iter()
        .filter(|header| header.name == name)
        .map(|header| header.value.as_str())
        .collect();
    equal(&format!("the header `{name}`"), &found, &expected.to_vec())
}

fn no_answer<T: Debug>(what: &str, answer: Result<T, TransportError>) -> Verdict {
    match answer {
        Err(TransportError::NoAnswer { .. }) => Ok(()),
        other => Err(Broken(format!(
            "{what}: expected `NoAnswer`, got {other:?}"
        ))),
    }
}
