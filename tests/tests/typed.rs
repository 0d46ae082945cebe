//! The operations as functions, and the schemas of what they take and give, agree with the documents.

use std::collections::BTreeMap;

use calendar_publish::Error;
use calendar_publish::operation::{OPERATIONS, call};
use calendar_publish_tests::load;
use jsonschema::Validator;
use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Value, from_str, to_string};

type Typed = fn(&str) -> Option<Result<String, Error>>;

macro_rules! typed {
    ($( $(#[$doc:meta])* $name:literal $function:ident $input:ty => $answer:ty )*) => {
        [$(($name, (|json| {
            let input: $input = from_str(json).ok()?;
            // What a typed host writes is read as what it meant.
            assert_eq!(from_str::<$input>(&to_string(&input).unwrap()).unwrap(), input, $name);
            let answer: Result<$answer, Error> = calendar_publish::operation::$function(input);
            Some(answer.map(|answer| to_string(&answer).unwrap()))
        }) as Typed)),*]
    };
}

#[test]
fn a_function_answers_what_the_document_answers() {
    let functions = BTreeMap::from(calendar_publish::for_each_operation!(typed));
    let mut answered = 0;
    for (path, vector) in load().unwrap() {
        let json = vector.input.get();
        // What is no input of the type has no typed call.
        if let Some(answer) = functions[vector.operation.as_str()](json) {
            assert_eq!(answer, call(&vector.operation, json), "{}", path.display());
            answered += 1;
        }
    }
    assert!(answered > 500, "{answered} answers");
}

#[test]
fn the_list_and_the_functions_have_the_same_names() {
    let functions = calendar_publish::for_each_operation!(typed);
    let functions: Vec<&str> = functions.iter().map(|(name, _)| *name).collect();
    let listed: Vec<&str> = OPERATIONS.iter().map(|operation| operation.name).collect();
    assert_eq!(functions, listed);
}

fn validator(settings: SchemaSettings, schema: fn(&mut SchemaGenerator) -> Schema) -> Validator {
    let mut generator = settings.into_generator();
    let mut root = schema(&mut generator).to_value();
    root["$defs"] = Value::Object(generator.take_definitions(true));
    jsonschema::validator_for(&root).unwrap()
}

fn errors(validator: &Validator, json: &str) -> Vec<String> {
    validator
        .iter_errors(&from_str(json).unwrap())
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[test]
fn what_is_answered_fits_the_schemas() {
    let read = SchemaSettings::draft2020_12;
    let written = || SchemaSettings::draft2020_12().for_serialize();
    let mut vectors: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (_, vector) in load().unwrap() {
        let inputs = vectors.entry(vector.operation).or_default();
        inputs.push(vector.input.get().to_owned());
    }
    for operation in OPERATIONS {
        let input = validator(read(), operation.input);
        let answer = validator(written(), operation.answer);
        for json in &vectors[operation.name] {
            if let Ok(answered) = call(operation.name, json) {
                let name = operation.name;
                assert_eq!(errors(&input, json), [""; 0], "{name}: {json}");
                assert_eq!(errors(&answer, &answered), [""; 0], "{name}: {answered}");
            }
        }
        assert!(!input.is_valid(&Value::from(7)), "{}", operation.name);
    }
}
