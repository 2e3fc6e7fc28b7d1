//! The committed OpenAPI document is the one that the handlers make.

const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../arroyo-openapi/openapi.json");

#[test]
fn the_committed_document_is_up_to_date() {
    let generated = arroyo_api::openapi_document();
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(COMMITTED, serde_json::to_string_pretty(&generated).unwrap() + "\n").unwrap();
    }
    let committed: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(COMMITTED).unwrap()).unwrap();
    assert!(
        committed == generated,
        "the API's document has changed: run this test with UPDATE_OPENAPI=1 and commit it"
    );
}

#[test]
fn the_document_is_of_openapi_3_0() {
    let document = arroyo_api::openapi_document().to_string();
    for newer in ["\"null\"", "propertyNames", "\"const\"", "\"3.1"] {
        assert!(!document.contains(newer), "{newer} is not of OpenAPI 3.0");
    }
}
