//! Four processes, one account: against TikTok's simulator behind real sockets, on a SQLite file and on a PostgreSQL
//! database.

use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

use async_trait::async_trait;
use calendar_publish::model::{AccountStatus, ChannelAccount, Timestamp};
use calendar_publish::ports::{Clock, Header, HttpRequest, HttpTransport, Method};
use calendar_publish_adapters::access::{AccessError, AccessTokens};
use calendar_publish_adapters::accounts::{
    AccountService, AppCredentials, LinkOutcome, Login, Logins, StaticKeys, TiktokLogin,
    TokenStore, Vault,
};
use calendar_publish_adapters::clock::SystemClock;
use calendar_publish_adapters::http::{AddressPolicy, HttpSettings, ReqwestTransport};
use calendar_publish_adapters::postgres::PostgresStore;
use calendar_publish_adapters::sqlite::SqliteStore;
use calendar_publish_postgres_harness::shared;
use calendar_publish_simulators::tiktok::{
    Consent, Creator, Endpoint, Fault, FaultKind, TiktokSimulator,
};
use calendar_publish_simulators::{MediaShelf, Served};
use chrono::TimeDelta;
use serde_json::json;
use tempfile::TempDir;

use crate::fixture::{DESKTOP, key, madrid, user};

/// What a child is to do; without it this binary is the test itself.
const CHILD: &str = "CALENDAR_PUBLISH_ACCOUNTS_CHILD";

const CREATOR: &str = "sim-open-id-0001";

/// The machine's clock, that much ahead.
#[derive(Debug)]
struct Ahead(TimeDelta);

#[async_trait]
impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        SystemClock.now().plus(self.0)
    }

    async fn sleep_until(&self, instant: Timestamp) {
        SystemClock.sleep_until(instant.plus(-self.0)).await;
    }
}

/// The store at `address`, whose claims end as if it were that much later.
async fn store(address: &str, ahead: TimeDelta) -> Arc<dyn TokenStore> {
    let clock = Arc::new(Ahead(ahead));
    if !address.starts_with("postgresql:") {
        let file = SqliteStore::open_patiently(address, std::time::Duration::from_secs(60));
        return Arc::new(file.unwrap().with_clock(clock));
    }
    let database = PostgresStore::connect(address).await.unwrap();
    database.migrate().await.unwrap();
    Arc::new(database.with_clock(clock))
}

/// A service that lives `ahead` of the machine.
fn service(store: Arc<dyn TokenStore>, base: &str, ahead: TimeDelta) -> AccountService {
    let mut tiktok = TiktokLogin::new(AppCredentials {
        client_key: "sim_client_key".to_owned(),
        client_secret: "sim_client_secret".into(),
    });
    tiktok.sign_in_base = format!("{base}/www.tiktok.com");
    tiktok.api_base = format!("{base}/open.tiktokapis.com");
    let keys = StaticKeys::new(vec![key("k1", 1)]).unwrap();
    let logins = Logins {
        tiktok: Some(tiktok),
        ..Logins::default()
    };
    let vault = Vault::new(Arc::new(keys));
    AccountService::new(store, vault, transport(), Arc::new(Ahead(ahead)), logins)
}

fn transport() -> Arc<dyn HttpTransport> {
    let settings = HttpSettings::default().with_addresses(AddressPolicy::Any);
    Arc::new(ReqwestTransport::new(&settings).unwrap())
}

/// What a child does: many ask for the account's token at once, when it is told to.
#[test]
fn child_asks_for_tokens() {
    let Ok(task) = env::var(CHILD) else { return };
    let task: serde_json::Value = serde_json::from_str(&task).unwrap();
    let text = |name: &str| task[name].as_str().unwrap().to_owned();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = store(&text("store"), TimeDelta::zero()).await;
        let store = if task["dies"] == true {
            Arc::new(crate::dying::Dying(store)) as Arc<dyn TokenStore>
        } else {
            store
        };
        let account = text("account").parse().unwrap();
        let service = Arc::new(service(store, &text("base"), TimeDelta::hours(3)));
        println!("ready");
        std::io::stdin().read_exact(&mut [0]).unwrap();
        let callers: Vec<_> = (0..task["callers"].as_u64().unwrap())
            .map(|_| {
                let service = service.clone();
                tokio::spawn(async move { service.access_token(account).await })
            })
            .collect();
        for caller in callers {
            match caller.await.unwrap() {
                Ok(token) => println!("outcome: version {}", token.version),
                Err(AccessError::Unavailable { .. }) => println!("outcome: unavailable"),
                Err(error) => println!("outcome: {error}"),
            }
        }
    });
}

struct Asking {
    child: Child,
    go: ChildStdin,
    lines: BufReader<ChildStdout>,
}

impl Asking {
    fn start(task: &serde_json::Value) -> Self {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "processes::child_asks_for_tokens", "--nocapture"])
            .env(CHILD, task.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while line.trim() != "ready" {
            line.clear();
            assert!(
                lines.read_line(&mut line).unwrap() > 0,
                "the child ended too early"
            );
        }
        Self {
            go: child.stdin.take().unwrap(),
            child,
            lines,
        }
    }

    fn end(mut self) -> Vec<String> {
        let outcomes = self
            .lines
            .lines()
            .map_while(Result::ok)
            .filter_map(|line| Some(line.split_once("outcome: ")?.1.to_owned()))
            .collect();
        self.child.wait().unwrap();
        outcomes
    }
}

/// An account linked at the simulator, whose token has run out for everybody who lives three hours ahead.
struct Stage {
    simulator: Arc<TiktokSimulator>,
    served: Served,
    address: String,
    account: ChannelAccount,
    _folder: TempDir,
}

impl Stage {
    async fn all() -> Vec<Self> {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("a.db").display().to_string();
        let mut stages = Vec::new();
        for address in [file, shared().create_database()] {
            stages.push(Self::at(address, TempDir::new().unwrap()).await);
        }
        // The file's folder lives as long as its stage.
        stages[0]._folder = folder;
        stages
    }

    async fn at(address: String, folder: TempDir) -> Self {
        let media = Arc::new(MediaShelf::default());
        let simulator = TiktokSimulator::new(Arc::new(SystemClock), media);
        simulator.add_creator(Creator::new(CREATOR, "sim.baker"));
        simulator.consent(CREATOR, Consent::All);
        let served = Served::start(simulator.clone(), "127.0.0.1:0".parse().unwrap());
        let served = served.await.unwrap();
        let base = format!("http://{}", served.address());
        let store = store(&address, TimeDelta::zero()).await;
        let service = service(store, &base, TimeDelta::zero());
        // As a browser: the consent page sends the person back.
        let begun = service.begin_link(user("ana"), Login::Tiktok, DESKTOP, madrid());
        let page = HttpRequest {
            method: Method::Get,
            url: begun.await.unwrap().url,
            headers: Vec::new(),
            body: Vec::new(),
            deadline: std::time::Duration::from_secs(20),
        };
        let answer = transport().send(page).await.unwrap();
        let to = answer
            .headers
            .iter()
            .find(|header| header.name == "location");
        let Header {
            value: callback, ..
        } = to.unwrap();
        let linked = service.finish_link(user("ana"), callback).await.unwrap();
        let LinkOutcome::Linked(account) = linked else {
            panic!("{linked:?}");
        };
        assert_eq!(account.external_account_id, CREATOR);
        Self {
            simulator,
            served,
            address,
            account: *account,
            _folder: folder,
        }
    }

    fn task(&self, callers: u32, dies: bool) -> serde_json::Value {
        json!({
            "store": self.address, "base": format!("http://{}", self.served.address()),
            "account": self.account.id, "callers": callers, "dies": dies,
        })
    }

    /// Four processes ask fifty times at once; what they were told.
    async fn ask(&self) -> Vec<String> {
        let tasks: Vec<_> = [13, 13, 12, 12]
            .map(|callers| self.task(callers, false))
            .into();
        run(tasks).await
    }

    /// How often the token endpoint was called since the link.
    fn renewals(&self) -> usize {
        let is_token = |endpoint: &str| endpoint == "POST /v2/oauth/token/";
        let asked = self.simulator.requests();
        asked.iter().filter(|it| is_token(&it.endpoint)).count() - 1
    }

    async fn status(&self) -> AccountStatus {
        let store = store(&self.address, TimeDelta::zero()).await;
        store.linked(user("ana")).await.unwrap()[0].status
    }

    /// A service of this process that lives as far ahead as the children, whose store is `ahead` of them.
    async fn later(&self, ahead: TimeDelta) -> AccountService {
        let store = store(&self.address, ahead).await;
        let base = format!("http://{}", self.served.address());
        service(store, &base, TimeDelta::hours(3))
    }
}

/// Starts the processes, lets all begin at once, and gathers what they were told.
async fn run(tasks: Vec<serde_json::Value>) -> Vec<String> {
    let work = move || {
        let mut asking: Vec<Asking> = tasks.iter().map(Asking::start).collect();
        for child in &mut asking {
            child.go.write_all(b"\n").unwrap();
        }
        asking.into_iter().flat_map(Asking::end).collect()
    };
    tokio::task::spawn_blocking(work).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_callers_in_four_processes_make_one_call() {
    for stage in Stage::all().await {
        let outcomes = stage.ask().await;
        assert_eq!(outcomes, vec!["version 2"; 50], "{}", stage.address);
        assert_eq!(stage.renewals(), 1, "{}", stage.address);
        assert_eq!(stage.status().await, AccountStatus::Ok);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_gateway_keeps_the_account_connected() {
    for stage in Stage::all().await {
        let fault = Fault::on(Endpoint::Token, FaultKind::StatusBefore(502));
        stage.simulator.fault(fault.always());
        let outcomes = stage.ask().await;
        assert_eq!(outcomes, vec!["unavailable"; 50], "{}", stage.address);
        assert!(
            stage.renewals() <= 2,
            "{}: {}",
            stage.address,
            stage.renewals()
        );
        assert_eq!(stage.status().await, AccountStatus::Ok, "{}", stage.address);
        stage.simulator.clear_faults();
        let later = stage.later(TimeDelta::minutes(1)).await;
        let token = later.access_token(stage.account.id).await.unwrap();
        assert_eq!(token.version, 2, "{}", stage.address);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn invalid_grant_revokes_the_account_for_everybody() {
    for stage in Stage::all().await {
        stage.simulator.disconnect(CREATOR, 1);
        let outcomes = stage.ask().await;
        let revoked = AccessError::Revoked.to_string();
        assert_eq!(outcomes, vec![revoked; 50], "{}", stage.address);
        assert_eq!(stage.renewals(), 1, "{}", stage.address);
        assert_eq!(
            stage.status().await,
            AccountStatus::Revoked,
            "{}",
            stage.address
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_dies_with_new_tokens_in_hand_costs_the_account_only_what_the_platform_says() {
    for stage in Stage::all().await {
        assert_eq!(run(vec![stage.task(1, true)]).await, Vec::<String>::new());
        assert_eq!(stage.renewals(), 1, "{}", stage.address);
        assert_eq!(stage.status().await, AccountStatus::Ok, "{}", stage.address);
        // The simulator has rotated, as TikTok documents it: the old token is dead, and it says so twice.
        let later = stage.later(TimeDelta::minutes(2)).await;
        let refused = later.access_token(stage.account.id).await.unwrap_err();
        assert_eq!(refused, AccessError::Revoked, "{}", stage.address);
        assert_eq!(stage.renewals(), 3, "{}", stage.address);
        assert_eq!(
            stage.status().await,
            AccountStatus::Revoked,
            "{}",
            stage.address
        );
    }
}
