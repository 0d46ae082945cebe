//! Simulators as servers on the loopback interface.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use calendar_publish::ports::{Header, Method};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::{Answer, Request, Simulator};

/// A simulator that is served until this is dropped.
#[derive(Debug)]
pub struct Served {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Served {
    /// Serves `simulator` at `address`; port 0 takes a free one. Needs tokio.
    ///
    /// # Errors
    /// Where the address can't be had.
    pub async fn start(simulator: Arc<dyn Simulator>, address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        simulator.served_at(&format!("http://{address}"));
        Ok(Self {
            address,
            task: tokio::spawn(accept(listener, simulator)),
        })
    }

    /// The address that stands for `https://HOST` of the real platform.
    pub fn base(&self, host: &str) -> String {
        format!("http://{}/{host}", self.address)
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, simulator: Arc<dyn Simulator>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let simulator = Arc::clone(&simulator);
        tokio::spawn(async move {
            let service = service_fn(|request| take(Arc::clone(&simulator), request));
            // A connection that ends in an error is one whose answer was to be lost, or whose caller has died.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

/// Reads a request, lets it take effect even if its caller dies meanwhile, and answers.
async fn take(
    simulator: Arc<dyn Simulator>,
    request: hyper::Request<Incoming>,
) -> io::Result<hyper::Response<Full<Bytes>>> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let method = match parts.method.as_str() {
        "GET" => Method::Get,
        "POST" => Method::Post,
        "PUT" => Method::Put,
        "DELETE" => Method::Delete,
        _ => return status(405),
    };
    let headers = parts
        .headers
        .iter()
        .map(|(name, value)| Header {
            name: name.as_str().to_owned(),
            value: String::from_utf8_lossy(value.as_bytes()).into_owned(),
        })
        .collect();
    let url = format!("https:/{}", parts.uri);
    let Some(request) = Request::read(method, &url, headers, body.into()) else {
        return status(404);
    };
    let answer = tokio::spawn(async move { simulator.answer(request).await });
    match answer.await.map_err(io::Error::other)? {
        Answer::Response(response) => {
            let mut built = hyper::Response::builder().status(response.status);
            for Header { name, value } in response.headers {
                built = built.header(name, value);
            }
            built
                .body(Full::new(response.body.into()))
                .map_err(io::Error::other)
        }
        Answer::Lost => Err(io::Error::other("the answer is to be lost")),
    }
}

fn status(status: u16) -> io::Result<hyper::Response<Full<Bytes>>> {
    hyper::Response::builder()
        .status(status)
        .body(Full::default())
        .map_err(io::Error::other)
}
