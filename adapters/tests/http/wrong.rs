//! The suite for transports finds those that break what the port promises.

use async_trait::async_trait;
use calendar_publish::conformance::{TransportTarget, transport_suite};
use calendar_publish::ports::{HttpRequest, HttpResponse, HttpTransport, TransportError};
use calendar_publish_adapters::http::ReqwestTransport;

use crate::echo::{closed_address, echo_server};
use crate::{transport, value};

#[derive(Clone, Copy, Debug)]
enum Wrong {
    RetriesLostRequests,
    TakesLostForUnsent,
    TakesUnsentForLost,
    FollowsRedirects,
    TakesServerErrorsForFailures,
    CutsBodies,
    NamesAddresses,
    KeepsCapitals,
}

struct WrongTransport {
    right: ReqwestTransport,
    wrong: Wrong,
}

#[async_trait]
impl HttpTransport for WrongTransport {
    async fn send(&self, mut request: HttpRequest) -> Result<HttpResponse, TransportError> {
        if matches!(self.wrong, Wrong::CutsBodies) {
            request.body.truncate(1000);
        }
        let answer = self.right.send(request.clone()).await;
        match (self.wrong, answer) {
            (Wrong::RetriesLostRequests, Err(TransportError::NoAnswer { .. })) => {
                self.right.send(request).await
            }
            (Wrong::TakesLostForUnsent, Err(TransportError::NoAnswer { reason })) => {
                Err(TransportError::NotSent { reason })
            }
            (Wrong::TakesUnsentForLost, Err(TransportError::NotSent { reason })) => {
                Err(TransportError::NoAnswer { reason })
            }
            (Wrong::FollowsRedirects, Ok(response)) => match value(&response, "location") {
                Some(location) => {
                    request.url = location.to_owned();
                    self.right.send(request).await
                }
                None => Ok(response),
            },
            (Wrong::TakesServerErrorsForFailures, Ok(response)) if response.status >= 500 => {
                Err(TransportError::NoAnswer {
                    reason: "the server failed".to_owned(),
                })
            }
            (Wrong::NamesAddresses, Err(TransportError::NoAnswer { .. })) => {
                Err(TransportError::NoAnswer {
                    reason: request.url,
                })
            }
            (Wrong::KeepsCapitals, Ok(mut response)) => {
                for header in &mut response.headers {
                    header.name.make_ascii_uppercase();
                }
                Ok(response)
            }
            (_, answer) => answer,
        }
    }
}

#[tokio::test]
async fn each_broken_promise_is_found_by_its_case() {
    let found = [
        (Wrong::RetriesLostRequests, "a lost answer is no answer"),
        (Wrong::TakesLostForUnsent, "a lost answer is no answer"),
        (Wrong::TakesUnsentForLost, "a closed port is not sent to"),
        (Wrong::FollowsRedirects, "a redirect is an answer"),
        (
            Wrong::TakesServerErrorsForFailures,
            "any status is an answer",
        ),
        (Wrong::CutsBodies, "a megabyte goes and comes"),
        (Wrong::NamesAddresses, "errors keep secrets"),
        (Wrong::KeepsCapitals, "a request arrives as given"),
    ];
    for (wrong, case) in found {
        let server = echo_server().await;
        let target = TransportTarget {
            base: format!("http://{}", server.address),
            closed: closed_address(),
        };
        let transport = WrongTransport {
            right: transport(),
            wrong,
        };
        let error = transport_suite(&transport, &target).await.unwrap_err();
        assert_eq!(error.case, case, "{wrong:?}: {error}");
    }
}
