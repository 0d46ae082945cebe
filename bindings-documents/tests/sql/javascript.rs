//! The npm package's stores keep every promise of the store: the suites call the very objects that a host in
//! JavaScript hands to its engine, in a process of Node.

use std::collections::HashMap;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use calendar_publish::conformance::{job_store_suite, store_suite};
use calendar_publish::ports::Clock;
use calendar_publish_documents::DocumentStore;
use calendar_publish_documents::ports::{DocumentPort, HostFailure};
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{ChildStdin, Command};
use tokio::sync::{Mutex as AsyncMutex, oneshot};

use crate::database::migrated_copy;

type Waiting = Arc<Mutex<HashMap<u64, oneshot::Sender<Answer>>>>;

/// What Node writes: the store's answer, the document of a `Refusal`, or whatever else was thrown.
#[derive(serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Answered(String),
    Refused(String),
    Thrown(String),
}

#[derive(serde::Deserialize)]
struct Line {
    number: u64,
    #[serde(flatten)]
    answer: Answer,
}

/// A process of Node that serves the stores; it ends when this is dropped.
struct Node {
    input: AsyncMutex<ChildStdin>,
    waiting: Waiting,
    calls: AtomicU64,
}

impl Node {
    fn start() -> Arc<Self> {
        let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("../bindings-wasm/npm");
        for needed in ["node_modules/pg", "src/stores/migration-steps.js"] {
            assert!(
                package.join(needed).exists(),
                "the npm package lacks {needed}: (cd bindings-wasm/npm && npm ci)"
            );
        }
        let mut node = Command::new("node")
            .arg("test/stores/serve.js")
            .current_dir(package)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("Node 20 is needed: apt-get install nodejs: {error}"));
        let input = node.stdin.take().unwrap();
        let mut lines = BufReader::new(node.stdout.take().unwrap()).lines();
        let waiting = Waiting::default();
        let answered = Arc::clone(&waiting);
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                let Ok(Line { number, answer }) = serde_json::from_str(&line) else {
                    eprintln!("Node wrote: {line}");
                    break;
                };
                let caller = answered.lock().unwrap().remove(&number);
                // A caller that is gone needs no answer.
                let _ = caller.map(|caller| caller.send(answer));
            }
            // Whoever still waits is told so.
            answered.lock().unwrap().clear();
            node.wait().await.unwrap();
        });
        Arc::new(Self {
            input: AsyncMutex::new(input),
            waiting,
            calls: AtomicU64::new(0),
        })
    }

    async fn ask(&self, mut call: serde_json::Value) -> Answer {
        let number = self.calls.fetch_add(1, Ordering::Relaxed);
        call["number"] = json!(number);
        let (caller, answer) = oneshot::channel();
        self.waiting.lock().unwrap().insert(number, caller);
        let line = format!("{call}\n");
        self.input
            .lock()
            .await
            .write_all(line.as_bytes())
            .await
            .unwrap();
        answer
            .await
            .unwrap_or_else(|_| panic!("Node ended during {call}"))
    }
}

/// A store of the npm package, over a database of its own.
struct JavaScriptStore {
    node: Arc<Node>,
    kind: &'static str,
    database: String,
    clock: Option<Arc<dyn Clock>>,
}

impl JavaScriptStore {
    async fn new(
        node: &Arc<Node>,
        kind: &'static str,
        clock: Option<Arc<dyn Clock>>,
    ) -> DocumentStore<Self> {
        DocumentStore::new(Self {
            node: Arc::clone(node),
            kind,
            database: migrated_copy().await,
            clock,
        })
    }
}

#[async_trait]
impl DocumentPort for JavaScriptStore {
    async fn call(&self, method: &'static str, request: String) -> Result<String, HostFailure> {
        let now = self.clock.as_ref().map(|clock| clock.now());
        let call = json!({
            "kind": self.kind, "database": self.database, "now": now, "method": method, "request": request,
        });
        match self.node.ask(call).await {
            Answer::Answered(answer) => Ok(answer),
            Answer::Refused(document) => Err(HostFailure::refused(document)),
            Answer::Thrown(reason) => Err(HostFailure::thrown(reason)),
        }
    }
}

async fn conforms(kind: &'static str) {
    let node = Node::start();
    let passed = store_suite(async || JavaScriptStore::new(&node, kind, None).await)
        .await
        .unwrap();
    assert!(passed > 15, "{passed} cases");
    let passed =
        job_store_suite(async |clock| JavaScriptStore::new(&node, kind, Some(clock)).await)
            .await
            .unwrap();
    assert!(passed > 50, "{passed} cases");
}

#[tokio::test(flavor = "multi_thread")]
async fn sql_store_conforms() {
    conforms("sqlStore").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn supabase_store_conforms() {
    conforms("supabaseStore").await;
}
