//! Clients of the services that hold buckets. Credentials come from the environment in each service's standard ways.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey, S3ConditionalPut};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::multipart::MultipartStore;
use object_store::{BackoffConfig, ClientOptions, ObjectStore, RetryConfig};

use crate::StorageError;
use crate::location::{Bucket, Service};

/// How often a request is tried again.
const RETRIES_MAX: usize = 10;
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// After this long a request has failed; whoever can wait longer asks again.
const RETRY_TIMEOUT: Duration = Duration::from_secs(20);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// For one try, with its body.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);

/// Options of connection tables that begin with this are the client's.
pub(crate) type ClientSettings = BTreeMap<String, String>;

/// One client, as the two traits that it implements.
pub(crate) struct Client {
    pub(crate) store: Arc<dyn ObjectStore>,
    /// For uploads that outlive the process.
    pub(crate) parts: Arc<dyn MultipartStore>,
}

impl Client {
    fn new(store: impl ObjectStore + MultipartStore) -> Self {
        let store = Arc::new(store);
        Self { store: store.clone(), parts: store }
    }
}

/// A client of `bucket`; `settings` are keys and values as the services' environment variables have them, in lower case
/// (`aws_region`, `aws_endpoint`, `aws_access_key_id`, …), and win over the environment.
pub(crate) fn connect(bucket: &Bucket, settings: &ClientSettings) -> Result<Client, StorageError> {
    let built = match &bucket.service {
        Service::S3 { region, endpoint } => s3(bucket, region.as_deref(), endpoint.as_deref(), settings)?,
        Service::R2 { account, jurisdiction } => r2(bucket, account.as_deref(), jurisdiction.as_deref(), settings)?,
        Service::Gcs => gcs(bucket, settings)?,
        Service::Azure { account } => azure(bucket, account.as_deref(), settings)?,
    };
    built.map_err(|error| StorageError::InvalidUrl {
        url: bucket.root_url(),
        reason: format!("no client can be made for it: {error}"),
    })
}

type Built = Result<Client, object_store::Error>;

fn s3(
    bucket: &Bucket,
    region: Option<&str>,
    endpoint: Option<&str>,
    settings: &ClientSettings,
) -> Result<Built, StorageError> {
    let mut builder = AmazonS3Builder::from_env();
    if let Some(region) = region {
        builder = builder.with_region(region);
    }
    if let Some(endpoint) = endpoint {
        builder = builder.with_endpoint(endpoint).with_virtual_hosted_style_request(false);
    }
    Ok(build_s3(with_settings(builder, bucket, settings)?, bucket))
}

fn r2(
    bucket: &Bucket,
    account: Option<&str>,
    jurisdiction: Option<&str>,
    settings: &ClientSettings,
) -> Result<Built, StorageError> {
    let account = account.map(str::to_string).or_else(|| variable("CLOUDFLARE_ACCOUNT_ID"));
    let Some(account) = account else {
        return Err(StorageError::InvalidUrl {
            url: bucket.root_url(),
            reason: "it names no account; write r2://account@bucket/path or set CLOUDFLARE_ACCOUNT_ID".to_string(),
        });
    };
    let jurisdiction = jurisdiction.map(|jurisdiction| format!(".{jurisdiction}")).unwrap_or_default();
    let mut builder = AmazonS3Builder::from_env()
        .with_region("auto")
        .with_endpoint(format!("https://{account}{jurisdiction}.r2.cloudflarestorage.com"))
        .with_virtual_hosted_style_request(false);
    let key = |name: &str| settings.get(&name.to_ascii_lowercase()).cloned().or_else(|| variable(name));
    if let Some(id) = key("R2_ACCESS_KEY_ID") {
        builder = builder.with_access_key_id(id);
    }
    if let Some(secret) = key("R2_SECRET_ACCESS_KEY") {
        builder = builder.with_secret_access_key(secret);
    }
    let others = settings.iter().filter(|(key, _)| !key.starts_with("r2_"));
    let others = others.map(|(key, value)| (key.clone(), value.clone())).collect();
    Ok(build_s3(with_settings(builder, bucket, &others)?, bucket))
}

fn gcs(bucket: &Bucket, settings: &ClientSettings) -> Result<Built, StorageError> {
    let mut builder = GoogleCloudStorageBuilder::from_env();
    for (key, value) in settings {
        builder = builder.with_config(known_key::<GoogleConfigKey>(key, bucket)?, value);
    }
    let builder = builder.with_bucket_name(&bucket.name).with_retry(retries()).with_client_options(client_options());
    Ok(builder.build().map(Client::new))
}

fn azure(bucket: &Bucket, account: Option<&str>, settings: &ClientSettings) -> Result<Built, StorageError> {
    let mut builder = MicrosoftAzureBuilder::from_env();
    if let Some(account) = account {
        builder = builder.with_account(account);
    }
    for (key, value) in settings {
        builder = builder.with_config(known_key::<AzureConfigKey>(key, bucket)?, value);
    }
    let builder = builder.with_container_name(&bucket.name).with_retry(retries()).with_client_options(client_options());
    Ok(builder.build().map(Client::new))
}

fn with_settings(
    mut builder: AmazonS3Builder,
    bucket: &Bucket,
    settings: &ClientSettings,
) -> Result<AmazonS3Builder, StorageError> {
    for (key, value) in settings {
        builder = builder.with_config(known_key::<AmazonS3ConfigKey>(key, bucket)?, value);
    }
    Ok(builder)
}

fn known_key<K: FromStr>(key: &str, bucket: &Bucket) -> Result<K, StorageError> {
    key.parse().map_err(|_| StorageError::InvalidUrl {
        url: bucket.root_url(),
        reason: format!("`{key}` is no setting of its client; known are {} and their like", bucket.service.settings()),
    })
}

fn build_s3(builder: AmazonS3Builder, bucket: &Bucket) -> Built {
    let store = builder
        .with_bucket_name(&bucket.name)
        .with_conditional_put(S3ConditionalPut::ETagMatch)
        .with_retry(retries())
        .with_client_options(client_options())
        .build()?;
    Ok(Client::new(store))
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn retries() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig { init_backoff: FIRST_PAUSE, max_backoff: LONGEST_PAUSE, base: 2.0 },
        max_retries: RETRIES_MAX,
        retry_timeout: RETRY_TIMEOUT,
    }
}

/// Whether plain HTTP is used is decided by the endpoint that somebody wrote.
fn client_options() -> ClientOptions {
    ClientOptions::new().with_connect_timeout(CONNECT_TIMEOUT).with_timeout(REQUEST_TIMEOUT).with_allow_http(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Storage;

    #[test]
    fn clients_are_made_without_asking_anybody() {
        for url in
            ["s3://b/k", "s3::http://127.0.0.1:1/b/k", "r2://account@b/k", "https://b.s3.eu-west-1.amazonaws.com/k"]
        {
            let storage = Storage::open(url).unwrap();
            assert!(storage.url().ends_with("b/k"), "{}", storage.url());
            assert!(storage.local_path().is_none());
        }
    }

    #[test]
    fn unknown_settings_are_refused_by_every_service() {
        let cases = [
            ("s3://b/k", "aws_regoin", "aws_region"),
            ("gs://b/k", "aws_region", "google_service_account"),
            ("abfss://b@account.dfs.core.windows.net/k", "azure_storage_acount_key", "azure_storage_account_key"),
        ];
        for (url, key, known) in cases {
            let settings = BTreeMap::from([(key.to_string(), "x".to_string())]);
            let refused = Storage::open_with(url, &settings).unwrap_err().to_string();
            assert!(refused.contains(&format!("`{key}` is no setting")) && refused.contains(known), "{refused}");
        }
    }
}
