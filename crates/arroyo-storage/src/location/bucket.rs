//! URLs of buckets, in all the forms that people write them.

use url::Url;

/// The services that hold buckets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Service {
    /// Amazon S3, or a server that speaks its protocol.
    S3 {
        /// From the URL; `None`: as the environment says.
        region: Option<String>,
        /// Of a server that is not Amazon's.
        endpoint: Option<String>,
    },
    /// Cloudflare R2: S3's protocol with credentials of its own.
    R2 {
        /// `None`: as the environment says.
        account: Option<String>,
        /// `eu` or `fedramp`.
        jurisdiction: Option<String>,
    },
    /// Google Cloud Storage.
    Gcs,
    /// Azure Blob Storage.
    Azure {
        /// The storage account; `None`: as the environment says.
        account: Option<String>,
    },
}

impl Service {
    /// Its name, for messages.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::S3 { .. } => "S3",
            Self::R2 { .. } => "R2",
            Self::Gcs => "Google Cloud Storage",
            Self::Azure { .. } => "Azure",
        }
    }

    /// The environment variables that its credentials are usually taken from.
    pub(crate) fn variables(&self) -> &'static str {
        match self {
            Self::S3 { .. } => "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
            Self::R2 { .. } => "R2_ACCESS_KEY_ID and R2_SECRET_ACCESS_KEY",
            Self::Gcs => "GOOGLE_SERVICE_ACCOUNT_KEY or GOOGLE_APPLICATION_CREDENTIALS",
            Self::Azure { .. } => "AZURE_STORAGE_ACCOUNT_KEY",
        }
    }

    /// Some settings of its client, for messages.
    pub(crate) fn settings(&self) -> &'static str {
        match self {
            Self::S3 { .. } | Self::R2 { .. } => "aws_region, aws_endpoint",
            Self::Gcs => "google_service_account, google_base_url",
            Self::Azure { .. } => "azure_storage_account_key, azure_storage_endpoint",
        }
    }
}

/// A bucket (a *container* in Azure) and a prefix in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bucket {
    pub(crate) service: Service,
    pub(crate) name: String,
    /// Without slashes at its ends.
    pub(crate) key: String,
}

impl Bucket {
    /// The URL of the bucket's root in its shortest form; it never holds credentials.
    pub(crate) fn root_url(&self) -> String {
        let name = &self.name;
        match &self.service {
            Service::S3 { endpoint: Some(endpoint), .. } => format!("s3::{endpoint}/{name}"),
            Service::S3 { .. } => format!("s3://{name}"),
            Service::R2 { account: Some(account), .. } => format!("r2://{account}@{name}"),
            Service::R2 { .. } => format!("r2://{name}"),
            Service::Gcs => format!("gs://{name}"),
            Service::Azure { account: Some(account) } => format!("abfss://{name}@{account}.dfs.core.windows.net"),
            Service::Azure { account: None } => format!("az://{name}"),
        }
    }

    /// `s3://bucket/key` and its like: what follows `scheme://`.
    pub(crate) fn from_scheme(scheme: &str, rest: &str) -> Option<Result<Self, String>> {
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        let (authority, key) = rest.split_once('/').unwrap_or((rest, ""));
        let (user, host) = match authority.split_once('@') {
            Some((user, host)) => (Some(user.to_string()), host),
            None => (None, authority),
        };
        let bucket = match scheme {
            "s3" | "s3a" | "s3n" => refuse_user(&user, "s3://bucket/path")
                .and_then(|()| Self::new(Service::S3 { region: None, endpoint: None }, host, key)),
            "r2" => Self::new(Service::R2 { account: user, jurisdiction: None }, host, key),
            "gs" | "gcs" => refuse_user(&user, "gs://bucket/path").and_then(|()| Self::new(Service::Gcs, host, key)),
            "az" | "azure" => refuse_user(&user, "az://container/path")
                .and_then(|()| Self::new(Service::Azure { account: None }, host, key)),
            "abfs" | "abfss" => match (user, host.split_once('.')) {
                (Some(container), Some((account, _))) => {
                    Self::new(Service::Azure { account: Some(account.to_string()) }, &container, key)
                }
                _ => Err("write it as abfss://container@account.dfs.core.windows.net/path".to_string()),
            },
            _ => return None,
        };
        Some(bucket)
    }

    /// `s3::http(s)://host:port/bucket/key`: what follows `s3::`.
    pub(crate) fn from_endpoint(url: &str) -> Result<Self, String> {
        const FORM: &str = "write it as s3::https://host:port/bucket/path";
        let parsed = Url::parse(url).map_err(|error| format!("{error}; {FORM}"))?;
        if !matches!(parsed.scheme(), "http" | "https") || parsed.password().is_some() || !parsed.username().is_empty()
        {
            return Err(FORM.to_string());
        }
        let host = parsed.host_str().ok_or(FORM)?;
        if let Some(bucket) = Self::r2(host, &decoded_path(&parsed)?) {
            return bucket;
        }
        let port = parsed.port().map(|port| format!(":{port}")).unwrap_or_default();
        let endpoint = format!("{}://{host}{port}", parsed.scheme());
        let path = decoded_path(&parsed)?;
        Self::path_style(Service::S3 { region: None, endpoint: Some(endpoint) }, &path)
    }

    /// The `https` forms of the services; `None` if the host is of none of them.
    pub(crate) fn from_https(url: &str) -> Option<Result<Self, String>> {
        let parsed = Url::parse(url).ok()?;
        let host = parsed.host_str()?;
        let path = match decoded_path(&parsed) {
            Ok(path) => path,
            Err(reason) => return Some(Err(reason)),
        };
        if let Some(host) = host.strip_suffix(".amazonaws.com") {
            return Some(Self::amazon(host, &path));
        }
        if host == "storage.googleapis.com" {
            return Some(Self::path_style(Service::Gcs, &path));
        }
        if let Some(bucket) = host.strip_suffix(".storage.googleapis.com") {
            return Some(Self::new(Service::Gcs, bucket, &path));
        }
        let azure = [".blob.core.windows.net", ".dfs.core.windows.net"];
        if let Some(account) = azure.iter().find_map(|suffix| host.strip_suffix(suffix)) {
            return Some(Self::path_style(Service::Azure { account: Some(account.to_string()) }, &path));
        }
        Self::r2(host, &path)
    }

    /// `s3.<region>` and the bucket in the path, or `<bucket>.s3.<region>`; the region may be missing.
    fn amazon(host: &str, path: &str) -> Result<Self, String> {
        let service = |region: &str| Service::S3 {
            region: Some(region.to_string()).filter(|region| !region.is_empty()),
            endpoint: None,
        };
        if host == "s3" {
            return Self::path_style(service(""), path);
        }
        if let Some(region) = host.strip_prefix("s3.") {
            return Self::path_style(service(region), path);
        }
        match (host.rsplit_once(".s3."), host.strip_suffix(".s3")) {
            (Some((bucket, region)), _) => Self::new(service(region), bucket, path),
            (None, Some(bucket)) => Self::new(service(""), bucket, path),
            (None, None) => {
                Err("write it as https://bucket.s3.region.amazonaws.com/path or s3://bucket/path".to_string())
            }
        }
    }

    /// `[<bucket>.]<account>[.<jurisdiction>].r2.cloudflarestorage.com`; `None` for another host.
    fn r2(host: &str, path: &str) -> Option<Result<Self, String>> {
        let mut labels: Vec<&str> = host.strip_suffix(".r2.cloudflarestorage.com")?.split('.').collect();
        let jurisdiction = labels.pop_if(|label| matches!(*label, "eu" | "fedramp")).map(str::to_string);
        let account = labels.pop().map(str::to_string);
        let service = Service::R2 { account, jurisdiction };
        Some(match labels.is_empty() {
            true => Self::path_style(service, path),
            false => Self::new(service, &labels.join("."), path),
        })
    }

    fn path_style(service: Service, path: &str) -> Result<Self, String> {
        let path = path.trim_start_matches('/');
        let (name, key) = path.split_once('/').unwrap_or((path, ""));
        Self::new(service, name, key)
    }

    fn new(service: Service, name: &str, key: &str) -> Result<Self, String> {
        if name.is_empty() {
            return Err("it names no bucket".to_string());
        }
        Ok(Self { service, name: name.to_string(), key: key.trim_matches('/').to_string() })
    }
}

/// Keys in URLs would end in logs.
fn refuse_user(user: &Option<String>, form: &str) -> Result<(), String> {
    match user {
        None => Ok(()),
        Some(_) => Err(format!("credentials do not belong into a URL; write {form} and set them in the environment")),
    }
}

fn decoded_path(url: &Url) -> Result<String, String> {
    object_store::path::Path::from_url_path(url.path())
        .map(|path| path.to_string())
        .map_err(|error| format!("its path cannot be used: {error}"))
}

#[cfg(test)]
mod tests {
    use super::super::Location;
    use super::*;

    fn bucket(url: &str) -> Bucket {
        match Location::parse(url) {
            Ok(Location::Bucket(bucket)) => bucket,
            other => panic!("{url}: {other:?}"),
        }
    }

    fn s3(region: Option<&str>, endpoint: Option<&str>) -> Service {
        Service::S3 { region: region.map(str::to_string), endpoint: endpoint.map(str::to_string) }
    }

    fn r2(account: Option<&str>, jurisdiction: Option<&str>) -> Service {
        Service::R2 { account: account.map(str::to_string), jurisdiction: jurisdiction.map(str::to_string) }
    }

    #[test]
    fn every_form_names_its_bucket_and_key() {
        let azure = || Service::Azure { account: Some("acc".into()) };
        let forms = [
            ("s3://b/k/l", s3(None, None)),
            ("s3a://b/k/l/", s3(None, None)),
            ("https://s3.eu-west-1.amazonaws.com/b/k/l", s3(Some("eu-west-1"), None)),
            ("https://s3.amazonaws.com/b/k/l", s3(None, None)),
            ("https://b.s3.eu-west-1.amazonaws.com/k/l", s3(Some("eu-west-1"), None)),
            ("https://b.s3.amazonaws.com/k/l", s3(None, None)),
            ("s3::http://localhost:9000/b/k/l", s3(None, Some("http://localhost:9000"))),
            ("s3::https://minio.example.org/b/k/l", s3(None, Some("https://minio.example.org"))),
            ("r2://b/k/l", r2(None, None)),
            ("r2://acc@b/k/l", r2(Some("acc"), None)),
            ("https://acc.r2.cloudflarestorage.com/b/k/l", r2(Some("acc"), None)),
            ("https://acc.eu.r2.cloudflarestorage.com/b/k/l", r2(Some("acc"), Some("eu"))),
            ("https://b.acc.r2.cloudflarestorage.com/k/l", r2(Some("acc"), None)),
            ("https://b.acc.eu.r2.cloudflarestorage.com/k/l", r2(Some("acc"), Some("eu"))),
            ("s3::https://acc.eu.r2.cloudflarestorage.com/b/k/l", r2(Some("acc"), Some("eu"))),
            ("gs://b/k/l", Service::Gcs),
            ("https://b.storage.googleapis.com/k/l", Service::Gcs),
            ("https://storage.googleapis.com/b/k/l", Service::Gcs),
            ("abfs://b@acc.dfs.core.windows.net/k/l", azure()),
            ("abfss://b@acc.dfs.core.windows.net/k/l", azure()),
            ("https://acc.blob.core.windows.net/b/k/l", azure()),
            ("https://acc.dfs.core.windows.net/b/k/l", azure()),
            ("az://b/k/l", Service::Azure { account: None }),
        ];
        for (url, service) in forms {
            assert_eq!(bucket(url), Bucket { service, name: "b".into(), key: "k/l".into() }, "{url}");
        }
    }

    #[test]
    fn bucket_names_may_have_dots_and_keys_escapes() {
        let dotted = bucket("https://my.data.s3.us-east-2.amazonaws.com/a%20b");
        assert_eq!((dotted.name.as_str(), dotted.key.as_str()), ("my.data", "a b"));
        assert_eq!(bucket("s3://b").key, "");
    }

    #[test]
    fn messages_name_buckets_in_their_short_form() {
        assert_eq!(bucket("https://b.s3.eu-west-1.amazonaws.com/k").root_url(), "s3://b");
        assert_eq!(bucket("s3::http://localhost:9000/b/k").root_url(), "s3::http://localhost:9000/b");
        assert_eq!(bucket("https://acc.blob.core.windows.net/b/k").root_url(), "abfss://b@acc.dfs.core.windows.net");
    }

    #[test]
    fn what_names_no_bucket_says_what_to_write() {
        let message = |url: &str| Location::parse(url).unwrap_err().to_string();
        assert!(message("s3:///k").contains("names no bucket"));
        assert!(message("s3::ftp://host/b").contains("s3::https://host:port/bucket/path"));
        assert!(message("abfss://container/k").contains("container@account"));
        assert!(message("https://ec2.amazonaws.com/x").contains("s3://bucket/path"));
        let secret = message("s3://key:secret@b/x");
        assert!(secret.contains("credentials do not belong into a URL") && !secret.contains("secret@"), "{secret}");
        let secret = message("s3::http://key:secret@host/b");
        assert!(!secret.contains("secret"), "{secret}");
    }
}
