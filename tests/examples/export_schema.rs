//! Prints the JSON Schema of the JSON export, as it is checked in:
//! `cargo run -p calendar-publish-tests --example export_schema > docs/schema/calendar-export.v1.schema.json`

fn main() -> Result<(), serde_json::Error> {
    let schema = calendar_publish::export::calendar_export_schema();
    println!("{}", serde_json::to_string_pretty(&schema)?);
    Ok(())
}
