//! The server lives and ends as it says.

use std::net::TcpStream;
use std::process::Command;

use calendar_publish_postgres_harness::{Durability, PrivatePostgres, Stop};

fn psql(url: &str, query: &str) -> Result<String, String> {
    let output = Command::new("psql")
        .args([url, "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", query])
        .output()
        .expect("psql is missing: apt-get install -y postgresql-15");
    if output.status.success() {
        Ok(String::from_utf8(output.stdout).unwrap().trim().to_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

#[test]
fn databases_are_separate_and_what_was_committed_survives_a_crash() {
    let server = PrivatePostgres::start(Durability::Stock);
    let (one, other) = (server.create_database(), server.create_database());
    psql(&one, "CREATE TABLE kept AS SELECT 42 AS answer").unwrap();
    assert!(psql(&other, "SELECT answer FROM kept").is_err());

    server.stop(Stop::Immediate);
    assert!(psql(&one, "SELECT 1").is_err());
    server.start_again();
    assert_eq!(psql(&one, "SELECT answer FROM kept").unwrap(), "42");
    assert!(server.log().contains("ready to accept connections"));
}

#[test]
fn nothing_is_left_when_the_test_ends_even_by_a_panic() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let test = std::thread::spawn(move || {
        let server = PrivatePostgres::start(Durability::Off);
        let folder = psql(&server.url("postgres"), "SHOW data_directory").unwrap();
        sender.send((server.port(), folder)).unwrap();
        panic!("as a failing test does");
    });
    let (port, folder) = receiver.recv().unwrap();
    test.join().unwrap_err();
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    let folder = std::path::Path::new(&folder).parent().unwrap();
    assert!(!folder.exists(), "{}", folder.display());
}
