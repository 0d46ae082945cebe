//! What the operations documents say to do works: every block marked `try` is run on a private PostgreSQL
//! that holds jobs in every stand, and gives what stands behind its arrows.
//!
//! A block opens with three backticks and `sql try` or `sh try`; the word after it names the job that
//! the variable `job` stands for, and `empty` means a database without anything in it. A line that begins with
//! `-- →` (in a shell, `# →`) is a line that the block prints.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use calendar_publish_postgres_harness::{PrivatePostgres, shared};

const DOCUMENTS: [&str; 3] = [
    "docs/runbook.md",
    "docs/failure-playbook.md",
    "docs/rollback.md",
];

const USER: &str = "018f0000-0000-7000-8000-0000000000b1";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A block of a document that can be run.
struct Block {
    place: String,
    is_sql: bool,
    stand: String,
    code: String,
    prints: Vec<String>,
}

fn blocks(document: &str) -> Vec<Block> {
    let text = fs::read_to_string(root().join(document)).unwrap();
    let mut blocks = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let Some(info) = line.strip_prefix("```") else {
            continue;
        };
        let body: Vec<&str> = lines
            .by_ref()
            .map(|(_, line)| line)
            .take_while(|line| *line != "```")
            .collect();
        let mut words = info.split_whitespace();
        let is_sql = words.next() == Some("sql");
        if words.next() != Some("try") {
            continue;
        }
        let arrow = if is_sql { "-- → " } else { "# → " };
        blocks.push(Block {
            place: format!("{document}:{}", number + 1),
            is_sql,
            stand: words.next().unwrap_or("scheduled").to_owned(),
            prints: body
                .iter()
                .filter_map(|line| line.strip_prefix(arrow))
                .map(str::to_owned)
                .collect(),
            code: body.join("\n"),
        });
    }
    blocks
}

/// The folder of `psql`, which Debian keeps out of the path beside the server.
fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let newest = versions
        .filter_map(|version| Some(version.ok()?.path().join("bin")))
        .filter(|folder| folder.join("psql").exists())
        .max();
    newest.unwrap_or_else(|| panic!("psql is missing: apt-get install -y postgresql-client-15"))
}

/// Runs `code` against `database`: SQL by `psql`, anything else by a shell.
fn run(database: &str, is_sql: bool, stand: &str, code: &str) -> Result<String, String> {
    let url = format!("{}/{database}", base(shared()));
    let number = STANDS.iter().position(|name| *name == stand);
    let id = |group: &str| format!("018f0000-0000-7000-{group}-{:012}", number.unwrap_or(0) + 1);
    let mut command = Command::new(if is_sql { "psql" } else { "sh" });
    if is_sql {
        command
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", &url])
            .args(["-v", &format!("job={}", id("8000"))])
            .args(["-v", &format!("account={}", id("9000"))])
            .args(["-v", &format!("user={USER}"), "-f", "-"]);
    } else {
        command.args(["-e", "-s"]);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = format!(
        "{}:{}",
        programs().display(),
        std::env::var("PATH").unwrap()
    );
    let mut child = command
        .env("PATH", path)
        .env("DATABASE_URL", &url)
        .env("OUT", folder.path())
        .env("JOB", id("8000"))
        .env("ACCOUNT", id("9000"))
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), code.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(said)
    }
}

/// The names of the prepared jobs, in the order of their ids.
const STANDS: [&str; 12] = [
    "unknown",
    "exhausted",
    "token",
    "missed",
    "failed",
    "lost",
    "held",
    "cooling",
    "published",
    "scheduled",
    "platform",
    "due",
];

fn base(server: &PrivatePostgres) -> String {
    let url = server.url("");
    url.trim_end_matches('/').to_owned()
}

/// A database's name.
fn created() -> String {
    let url = shared().create_database();
    url.rsplit_once('/').unwrap().1.to_owned()
}

/// A database with a job in every stand.
fn prepared() -> String {
    let template = created();
    for file in migrations() {
        let migration = format!("begin;\n{}\ncommit;", fs::read_to_string(&file).unwrap());
        run(&template, true, "scheduled", &migration).unwrap();
    }
    run(&template, true, "scheduled", include_str!("prepared.sql")).unwrap();
    template
}

#[test]
fn what_the_database_wrote_passes_the_librarys_check_until_a_row_is_edited() {
    let database = prepared();
    let rows = "select calendar_publish.ledger_rows(:'account', 0, 100);";
    let verdict = || {
        let rows: serde_json::Value =
            serde_json::from_str(&run(&database, true, "exhausted", rows).unwrap()).unwrap();
        let input = serde_json::json!({ "ledger": { "type": "rows", "rows": rows } });
        let answer = calendar_publish::operation::call("verifyLedger", &input.to_string()).unwrap();
        serde_json::from_str::<serde_json::Value>(&answer).unwrap()
    };
    let whole = verdict();
    assert_eq!(whole["result"], "whole");
    assert_eq!(whole["head"]["sequence"], 8);
    let edit = "update public.publish_ledger set record = replace(record, '503', '200')
        where account_id = :'account' and sequence = 4;";
    run(&database, true, "exhausted", edit).unwrap();
    let broken = verdict();
    assert_eq!(
        broken["break"],
        serde_json::json!({ "sequence": 4, "kind": "hash_wrong" })
    );
}

#[test]
fn every_block_of_the_operations_documents_works() {
    let template = prepared();
    let mut failures = Vec::new();
    let mut tried = 0;
    for block in DOCUMENTS.iter().flat_map(|document| blocks(document)) {
        let database = if block.stand == "empty" {
            created()
        } else {
            assert!(STANDS.contains(&block.stand.as_str()), "{}", block.place);
            let name = format!("block_{tried}");
            let copy = format!("create database {name} template {template}");
            run("postgres", true, "scheduled", &copy).unwrap();
            name
        };
        tried += 1;
        match run(&database, block.is_sql, &block.stand, &block.code) {
            Err(said) => failures.push(format!("{}: {said}", block.place)),
            Ok(printed) => {
                let printed: Vec<&str> = printed.lines().filter(|line| !line.is_empty()).collect();
                // A block without an arrow would pass whatever it finds.
                if block.prints.is_empty() || printed != block.prints {
                    failures.push(format!("{}: printed {printed:#?}", block.place));
                }
            }
        }
    }
    assert!(tried > 20, "only {tried} blocks were found");
    assert!(
        failures.is_empty(),
        "{} of {tried}:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

fn migrations() -> Vec<PathBuf> {
    let folder = root().join("adapters/migrations/postgres");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    files
}

#[test]
fn every_code_that_a_job_can_stop_with_has_a_row_in_the_playbook() {
    let playbook = fs::read_to_string(root().join("docs/failure-playbook.md")).unwrap();
    for code in calendar_publish::Code::ALL {
        let name = code.as_str();
        // What is only a remark, or only said of a request, never stops a job.
        let is_said_of_jobs = code.http_status() != 200 && !NEVER_STOPS_A_JOB.contains(&name);
        let row = format!("| `{name}` |");
        let listed = playbook.lines().any(|line| {
            line.starts_with('|')
                && line.split('|').nth(1).is_some_and(|cell| {
                    cell.split(',')
                        .any(|word| word.trim().trim_matches('`') == name)
                })
        });
        assert_eq!(listed, is_said_of_jobs, "{row}");
    }
}

/// Codes of requests, documents, streams and stores.
const NEVER_STOPS_A_JOB: &[&str] = &[
    "INPUT_INVALID",
    "INPUT_TOO_LARGE",
    "INPUT_TOO_DEEP",
    "INPUT_NOT_UTF8",
    "OPERATION_UNKNOWN",
    "HANDLE_CLOSED",
    "LIBRARY_FAILED",
    "FIELD_TYPE_INVALID",
    "FIELD_UNKNOWN",
    "ID_INVALID",
    "ID_DUPLICATE",
    "DATE_INVALID",
    "TIME_INVALID",
    "TIMESTAMP_INVALID",
    "TIMESTAMP_OUT_OF_RANGE",
    "ZONE_UNKNOWN",
    "CALENDAR_INVALID_CHANNELS",
    "CALENDAR_INVALID_RANGE",
    "CALENDAR_NOT_FOUND",
    "CALENDAR_SAVE_FAILED",
    "CALENDAR_EXPORT_ERROR",
    "LINK_INVALID",
    "AI_TIMEOUT",
    "AI_ERROR",
    "STREAM_EVENT_TOO_LARGE",
    "STREAM_EVENT_INVALID",
    "STREAM_ENDED_EARLY",
    "STREAM_STALLED",
    "STREAM_CANCELLED",
    "GENERATION_BUSY",
    "SCHEDULE_IN_PAST",
    "SCHEDULE_CLASH",
    "SCHEDULE_OFFSET_INVALID",
    "SCHEDULE_STALE",
    "SCHEDULE_FROZEN",
    "MERGE_CONFLICT",
    "MERGE_CHOICE_UNKNOWN",
    "JOB_TRANSITION_ILLEGAL",
    "JOB_NOT_FOUND",
    "JOB_EXISTS",
    "LEASE_TOO_SHORT",
    "ENTRY_NOT_FOUND",
    "IDEMPOTENCY_CONFLICT",
    "OUTBOX_FULL",
    "STORE_UNAVAILABLE",
    "STORE_CORRUPT",
    "STORE_SCHEMA_NEWER",
    "REVISION_CONFLICT",
    "CSV_SYNTAX",
    "CSV_HEADER_INVALID",
    "SCHEMA_VERSION_UNSUPPORTED",
    "WRITE_FAILED",
    "ACCOUNT_NOT_FOUND",
    "FIELD_VALUE_INVALID",
    "FIELD_MISSING",
    "SCHEDULE_MISSING",
];
