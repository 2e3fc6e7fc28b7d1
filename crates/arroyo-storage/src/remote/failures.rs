//! What the errors of object stores mean for people.

use std::error::Error as _;

use object_store::Error;

use crate::StorageError;
use crate::location::Bucket;

/// Where cloud machines hold their credentials; asked when the environment has none.
const METADATA_SERVERS: [&str; 3] = ["169.254.169.254", "metadata.google.internal", "169.254.170.2"];

/// What services call a missing bucket.
const MISSING_BUCKET: [&str; 4] =
    ["NoSuchBucket", "ContainerNotFound", "The specified bucket does not exist", "bucket does not exist"];

/// What S3 and its like answer with status 400 to credentials that are no good any more.
const EXPIRED: [&str; 3] = ["ExpiredToken", "TokenRefreshRequired", "InvalidToken"];

/// What went wrong with an object, in terms of what its user can do.
pub(super) fn explain(action: &'static str, url: String, bucket: Option<&Bucket>, error: Error) -> StorageError {
    let text = whole_text(&error);
    let mentions = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
    if let Some(bucket) = bucket {
        let (service, name) = (bucket.service.name(), bucket.name.clone());
        let credentials = |reason: String| {
            let (url, bucket, variables) = (url.clone(), name.clone(), bucket.service.variables());
            StorageError::Credentials { action, url, service, bucket, reason, variables }
        };
        if mentions(&MISSING_BUCKET) {
            return StorageError::NoSuchBucket { action, url, service, bucket: name };
        }
        if mentions(&METADATA_SERVERS) {
            return credentials("no credentials were found".to_string());
        }
        if matches!(error, Error::PermissionDenied { .. } | Error::Unauthenticated { .. }) || mentions(&EXPIRED) {
            return credentials(answer(&text));
        }
    }
    match error {
        Error::NotFound { .. } => StorageError::NotFound { url },
        Error::AlreadyExists { .. } => StorageError::AlreadyExists { url },
        Error::Precondition { .. } => StorageError::VersionMismatch { url },
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => {
            StorageError::PermissionDenied { action, url, reason: answer(&text) }
        }
        Error::InvalidPath { source } => StorageError::InvalidPath { path: url, reason: source.to_string() },
        _ => StorageError::Unavailable { action, url, reason: answer(&text) },
    }
}

/// The error and its causes, each said once.
pub(super) fn whole_text(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let said = next.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = next.source();
    }
    text
}

/// What the service says in its answer's XML, else the whole text.
fn answer(text: &str) -> String {
    let element = |name: &str| {
        let (_, after) = text.split_once(&format!("<{name}>"))?;
        after.split_once(&format!("</{name}>")).map(|(content, _)| content.trim().trim_end_matches('.').to_string())
    };
    match (element("Code"), element("Message")) {
        (Some(code), Some(message)) => format!("{message} ({code})"),
        (Some(code), None) => code,
        // The client says what it tried, then ` - ` and what happened.
        _ => text.rsplit_once(" - ").map_or(text, |(_, happened)| happened).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::location::Service;

    fn explained(error: Error) -> StorageError {
        let bucket =
            Bucket { service: Service::S3 { region: None, endpoint: None }, name: "orders".into(), key: "k".into() };
        explain("read", "s3://orders/k/a".to_string(), Some(&bucket), error)
    }

    fn source(text: &str) -> Box<dyn std::error::Error + Send + Sync> {
        text.into()
    }

    #[test]
    fn refused_credentials_name_bucket_url_and_variables() {
        let body = "<Error><Code>InvalidAccessKeyId</Code><Message>No such key.</Message></Error>";
        let error = explained(Error::PermissionDenied { path: "k/a".into(), source: source(body) });
        assert_eq!(
            error.to_string(),
            "S3 refuses to read s3://orders/k/a: No such key (InvalidAccessKeyId); check the credentials for bucket `orders`, \
             usually in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        );
        assert!(error.may_pass(), "a token can be renewed");
        let none = Error::Generic { store: "S3", source: source("error sending request for http://169.254.169.254/x") };
        assert!(explained(none).to_string().contains("no credentials were found"));
    }

    #[test]
    fn a_missing_bucket_is_not_a_missing_object() {
        let missing = Error::NotFound { path: "k/a".into(), source: source("<Code>NoSuchBucket</Code>") };
        assert!(explained(missing).to_string().contains("there is no S3 bucket `orders`"));
        let object = Error::NotFound { path: "k/a".into(), source: source("<Code>NoSuchKey</Code>") };
        assert!(explained(object).is_not_found());
    }

    #[test]
    fn outages_may_pass() {
        let error = explained(Error::Generic {
            store: "S3",
            source: source("Error performing GET in 3s, after 10 retries - HTTP error: connection refused"),
        });
        assert!(error.may_pass());
        assert_eq!(error.to_string(), "failed to read s3://orders/k/a: HTTP error: connection refused");
    }
}
