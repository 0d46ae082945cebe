//! Every finding and refusal that the vectors bring about can be read by a person, in both languages.

use calendar_publish::Error;
use calendar_publish::message::{Lang, MessageContext, error_text, finding_text};
use calendar_publish::model::Finding;
use calendar_publish_tests::load;
use serde_json::Value;

#[test]
fn every_finding_and_refusal_of_the_vectors_reads_well() {
    let mut read = 0;
    let mut flaws = Vec::new();
    for (path, vector) in load().unwrap() {
        let mut about = Vec::new();
        match calendar_publish::operation::call(&vector.operation, vector.input.get()) {
            Ok(answer) => collect(&serde_json::from_str(&answer).unwrap(), &mut about),
            Err(error) => about.push(About::Error(error)),
        }
        for about in about {
            for lang in Lang::ALL {
                let context = MessageContext::default();
                let text = match &about {
                    About::Finding(finding) => finding_text(finding, lang, &context),
                    About::Error(error) => error_text(error, lang, &context),
                };
                read += 1;
                for sentence in [&text.message, &text.action] {
                    if let Some(flaw) = flaw(sentence) {
                        flaws.push(format!("{}: {flaw}: {sentence}", path.display()));
                    }
                }
            }
        }
    }
    assert!(flaws.is_empty(), "{}", flaws.join("\n"));
    println!("messages: {read} texts");
}

#[derive(Debug)]
enum About {
    Finding(Finding),
    Error(Error),
}

/// Everything in an answer that is a finding or an error, wherever it stands.
fn collect(answer: &Value, about: &mut Vec<About>) {
    match answer {
        Value::Object(fields) => {
            if let Ok(finding) = serde_json::from_value(answer.clone()) {
                about.push(About::Finding(finding));
            } else if let Ok(error) = serde_json::from_value(answer.clone()) {
                about.push(About::Error(error));
            } else {
                fields.values().for_each(|value| collect(value, about));
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, about)),
        _ => {}
    }
}

/// What a person would stumble over, outside of what is quoted from the input.
fn flaw(sentence: &str) -> Option<&'static str> {
    let mut own = String::new();
    let mut quoted = false;
    for letter in sentence.chars() {
        match letter {
            '«' | '“' => quoted = true,
            '»' | '”' => quoted = false,
            _ if !quoted => own.push(letter),
            _ => {}
        }
    }
    let name_of_code = own.split([' ', ':', ',', ';', '.', '(', ')']).any(|word| {
        let hump = word.as_bytes().windows(2);
        let camel =
            hump.filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
        camel.count() > 0 && !["TikTok", "WebM", "WebP", "MiB", "GiB", "kHz"].contains(&word)
    });
    [
        (
            own.contains(['{', '}', '[', ']', '|', '`', '\\']),
            "a sign of code",
        ),
        (
            own.contains('_') && !own.contains('/'),
            "a name of the wire",
        ),
        (name_of_code, "a name of code"),
        (sentence.contains("  "), "a double space"),
        (!sentence.ends_with('.'), "no full stop"),
    ]
    .into_iter()
    .find_map(|(found, what)| found.then_some(what))
}
