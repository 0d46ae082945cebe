//! A server whose every byte and every closed connection a test decides.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// A request that arrived whole.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap()
    }

    pub(crate) fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }

    fn read(head: &str) -> Self {
        let mut lines = head.split("\r\n");
        let mut first = lines.next().unwrap().split(' ');
        Self {
            method: first.next().unwrap().to_owned(),
            target: first.next().unwrap().to_owned(),
            headers: lines
                .filter_map(|line| line.split_once(':'))
                .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
                .collect(),
            body: Vec::new(),
        }
    }
}

/// What becomes of the connection of a request.
pub(crate) enum Act {
    /// These bytes, and then the next request.
    Answer(Vec<u8>),
    /// These bytes, perhaps none, and the end.
    Close(Vec<u8>),
    /// Nothing, for as long as the caller waits.
    Hang,
    /// These bytes, and then nothing more.
    Stall(Vec<u8>),
    /// The same kilobyte again and again, after these bytes.
    Flood(Vec<u8>),
    /// A byte now and then, after these bytes.
    Dribble(Vec<u8>),
}

/// An answer with its length.
pub(crate) fn answer(status: u16, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let mut bytes = format!(
        "HTTP/1.1 {status} Word\r\ncontent-length: {}\r\n",
        body.len()
    );
    for header in headers {
        bytes.push_str(header);
        bytes.push_str("\r\n");
    }
    bytes.push_str("\r\n");
    [bytes.as_bytes(), body].concat()
}

type Play = dyn Fn(&Seen) -> Act + Send + Sync;

/// The server, until it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<AtomicUsize>,
    written: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(play: impl Fn(&Seen) -> Act + Send + Sync + 'static) -> Self {
        Self::bind(None, Arc::new(play)).await
    }

    pub(crate) async fn start_tls(
        tls: TlsAcceptor,
        play: impl Fn(&Seen) -> Act + Send + Sync + 'static,
    ) -> Self {
        Self::bind(Some(tls), Arc::new(play)).await
    }

    async fn bind(tls: Option<TlsAcceptor>, play: Arc<Play>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(AtomicUsize::new(0));
        let written = Arc::new(AtomicUsize::new(0));
        let record = (
            Arc::clone(&seen),
            Arc::clone(&connections),
            Arc::clone(&written),
        );
        let task = tokio::spawn(async move {
            let (seen, connections, written) = record;
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                let (play, seen, written) =
                    (Arc::clone(&play), Arc::clone(&seen), Arc::clone(&written));
                let tls = tls.clone();
                tokio::spawn(async move {
                    // Callers that hang up are part of the tests.
                    match tls {
                        None => drop(serve(stream, &*play, &seen, &written).await),
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                drop(serve(stream, &*play, &seen, &written).await);
                            }
                        }
                    }
                });
            }
        });
        Self {
            address,
            seen,
            connections,
            written,
            task,
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The requests that arrived whole, in order.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// How many bytes were written into floods.
    pub(crate) fn flooded(&self) -> usize {
        self.written.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    play: &Play,
    seen: &Mutex<Vec<Seen>>,
    written: &AtomicUsize,
) -> std::io::Result<()> {
    let mut buffer = Vec::new();
    loop {
        let end = loop {
            if let Some(end) = buffer.windows(4).position(|end| end == b"\r\n\r\n") {
                break end;
            }
            if stream.read_buf(&mut buffer).await? == 0 {
                return Ok(());
            }
        };
        let mut request = Seen::read(std::str::from_utf8(&buffer[..end]).unwrap());
        buffer.drain(..end + 4);
        let length = request
            .header("content-length")
            .map_or(0, |length| length.parse().unwrap());
        while buffer.len() < length {
            if stream.read_buf(&mut buffer).await? == 0 {
                return Ok(());
            }
        }
        request.body = buffer.drain(..length).collect();
        seen.lock().unwrap().push(request.clone());
        match play(&request) {
            Act::Answer(bytes) => stream.write_all(&bytes).await?,
            Act::Close(bytes) => {
                stream.write_all(&bytes).await?;
                return stream.shutdown().await;
            }
            Act::Hang => std::future::pending().await,
            Act::Stall(bytes) => {
                stream.write_all(&bytes).await?;
                stream.flush().await?;
                std::future::pending().await
            }
            Act::Dribble(bytes) => {
                stream.write_all(&bytes).await?;
                loop {
                    stream.write_all(b".").await?;
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
            Act::Flood(bytes) => {
                stream.write_all(&bytes).await?;
                loop {
                    stream.write_all(&[7; 1024]).await?;
                    written.fetch_add(1024, Ordering::SeqCst);
                }
            }
        }
    }
}
